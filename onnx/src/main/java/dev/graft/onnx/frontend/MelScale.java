package dev.graft.onnx.frontend;

/** Scales of pitch, on which bands of equal width sound equally wide. */
enum MelScale {
  /** {@code 1127 ln(1 + f / 700)}: HTK, Kaldi and TensorFlow, but for a common factor. */
  HTK {
    @Override
    double ofHertz(double hertz) {
      return HTK_FACTOR * Math.log1p(hertz / HTK_CORNER);
    }

    @Override
    double toHertz(double mel) {
      return HTK_CORNER * Math.expm1(mel / HTK_FACTOR);
    }
  },

  /** Linear up to 1 kHz and logarithmic above: Slaney's Auditory Toolbox and librosa. */
  SLANEY {
    @Override
    double ofHertz(double hertz) {
      return hertz < SLANEY_CORNER
          ? hertz / SLANEY_STEP
          : SLANEY_CORNER / SLANEY_STEP + Math.log(hertz / SLANEY_CORNER) / SLANEY_LOG_STEP;
    }

    @Override
    double toHertz(double mel) {
      double corner = SLANEY_CORNER / SLANEY_STEP;
      return mel < corner
          ? mel * SLANEY_STEP
          : SLANEY_CORNER * Math.exp((mel - corner) * SLANEY_LOG_STEP);
    }
  };

  private static final double HTK_FACTOR = 1127;
  private static final double HTK_CORNER = 700;
  private static final double SLANEY_CORNER = 1000;
  private static final double SLANEY_STEP = 200.0 / 3;
  private static final double SLANEY_LOG_STEP = Math.log(6.4) / 27;

  abstract double ofHertz(double hertz);

  abstract double toHertz(double mel);
}
