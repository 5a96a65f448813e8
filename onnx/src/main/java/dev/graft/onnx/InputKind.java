package dev.graft.onnx;

import java.util.List;
import java.util.Locale;

/** What kind of data a model takes, read from the types and shapes of its inputs. */
public enum InputKind {
  /** Pixels: [N, 3, H, W], [N, 1, H, H], [N, H, W, 3] or [N, H, H, 1]. */
  IMAGE,
  /** Token numbers: whole numbers of shape [N, T]. */
  TOKENS,
  /** Samples of sound: [N, samples] or [N, 1, samples]. */
  WAVEFORM,
  /** Bands over time: [N, T, bands], [N, T, bands, 1] or [N, 1, T, bands]. */
  SPECTROGRAM,
  /** None of these, such as a plain vector of few numbers. */
  OTHER;

  /** Vectors of at least this many numbers are taken for sound: 10 ms at 16 kHz. */
  private static final long SHORTEST_WAVEFORM = 160;

  /** The kind of a model's inputs. */
  public static InputKind detect(OnnxModel model) {
    List<ValueInfo> inputs = model.graph().inputs();
    for (ValueInfo input : inputs) {
      boolean whole = input.type() == ElementType.INT64 || input.type() == ElementType.INT32;
      if (whole && (input.rank() == 2 || input.name().toLowerCase(Locale.ROOT).contains("ids"))) {
        return TOKENS;
      }
    }
    return inputs.isEmpty() ? OTHER : detect(inputs.get(0));
  }

  private static InputKind detect(ValueInfo input) {
    boolean numeric = input.type().isFloating() || input.type() == ElementType.UINT8;
    if (!numeric) {
      return OTHER;
    }
    return switch (input.rank()) {
      case 2 -> {
        long length = input.size(1);
        yield length < 0 || length >= SHORTEST_WAVEFORM ? WAVEFORM : OTHER;
      }
      case 3 -> input.size(1) == 1 ? WAVEFORM : SPECTROGRAM;
      case 4 -> map(input);
      default -> OTHER;
    };
  }

  private static InputKind map(ValueInfo input) {
    if (input.size(1) == 3 || input.size(3) == 3) {
      return IMAGE;
    }
    if (input.size(1) == 1) {
      return square(input.size(2), input.size(3));
    }
    if (input.size(3) == 1) {
      return square(input.size(1), input.size(2));
    }
    return OTHER;
  }

  /** Grey images are square or of any size; bands over time are neither. */
  private static InputKind square(long height, long width) {
    return height == width ? IMAGE : SPECTROGRAM;
  }
}
