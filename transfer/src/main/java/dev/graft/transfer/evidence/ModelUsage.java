package dev.graft.transfer.evidence;

import dev.graft.data.DatasetKind;
import dev.graft.data.audio.AudioWindows;
import dev.graft.runtime.BundleLayout;

/** How a deployed model is used, in Markdown with code that can be copied. */
final class ModelUsage {
  private ModelUsage() {}

  static String of(DatasetKind kind) {
    return switch (kind) {
      case IMAGE -> filled(OF_IMAGES, ExampleWords.of(kind), BundleLayout.IMAGE_INPUT);
      case AUDIO -> filled(OF_RECORDINGS, ExampleWords.of(kind), BundleLayout.WAVEFORM_INPUT);
      case TEXT -> filled(OF_TEXTS, ExampleWords.of(kind), BundleLayout.TOKENS_INPUT);
    };
  }

  private static String filled(String ofKind, ExampleWords words, String input) {
    return (WITH_GRAFT + ofKind)
        .replace("{file}", words.file())
        .replace("{windows}", Integer.toString(AudioWindows.MOST))
        .replace("{input}", input)
        .replace("{probabilities}", BundleLayout.PROBABILITIES)
        .replace("{model}", BundleLayout.MODEL)
        .replace("{preprocessor}", BundleLayout.PREPROCESSOR_CONFIG)
        .replace("{tokenizer}", BundleLayout.TOKENIZER)
        .replace("{config}", BundleLayout.CONFIG);
  }

  private static final String WITH_GRAFT =
      """
      On the command line:

      ```sh
      graft predict . {file}
      ```

      In Java, with `dev.graft:graft-runtime`:

      ```java
      try (Predictor predictor = Predictor.load(Path.of("."))) {
        Prediction prediction = predictor.predict(Path.of("{file}"));
        System.out.println(prediction.label() + " " + prediction.probability());
      }
      ```

      """;

  private static final String OF_IMAGES =
      """
      The model does its own resizing, cropping and normalising: give it the decoded pixels of a whole
      image, upright, of any size.

      In any language, with nothing but ONNX Runtime: the input `{input}` takes unsigned bytes
      [images, height, width, 3] in the order red, green, blue; the output `{probabilities}` gives
      [images, classes] in the order of `id2label` in `{config}`. In Java:

      ```java
      // pixels: a direct ByteBuffer of height * width * 3 bytes
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      try (OrtSession session = environment.createSession("{model}");
          OnnxTensor image =
              OnnxTensor.createTensor(
                  environment, pixels, new long[] {1, height, width, 3}, OnnxJavaType.UINT8);
          OrtSession.Result result = session.run(Map.of("{input}", image))) {
        float[][] probabilities = (float[][]) result.get("{probabilities}").orElseThrow().getValue();
      }
      ```

      In Python:

      ```python
      import numpy, onnxruntime
      from PIL import Image, ImageOps

      image = ImageOps.exif_transpose(Image.open("{file}")).convert("RGB")
      pixels = numpy.asarray(image, dtype=numpy.uint8)[None]
      session = onnxruntime.InferenceSession("{model}")
      probabilities = session.run(["{probabilities}"], {"{input}": pixels})[0][0]
      ```
      """;

  private static final String OF_TEXTS =
      """
      From strings, in Java: `predictor.predict(new ModelInput.Text("..."))`; many at once with
      `predictDecoded`, on the command line one a line: `graft predict . - < texts.txt`.

      In any language, with nothing but ONNX Runtime and a library that reads `{tokenizer}`: the input
      `{input}` takes whole numbers (64 bits) [texts, tokens], texts cut to `max_length` of
      `{preprocessor}` and shorter ones filled up with its `pad_token_id`; the model knows by itself
      what is padding. The output `{probabilities}` gives [texts, classes] in the order of `id2label` in
      `{config}`. In Java, with `ids` from `ai.djl.huggingface:tokenizers`:

      ```java
      // ids: a long[] of the tokens of one text
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      try (OrtSession session = environment.createSession("{model}");
          OnnxTensor tokens = OnnxTensor.createTensor(environment, new long[][] {ids});
          OrtSession.Result result = session.run(Map.of("{input}", tokens))) {
        float[][] probabilities = (float[][]) result.get("{probabilities}").orElseThrow().getValue();
      }
      ```

      In Python:

      ```python
      import json, numpy, onnxruntime
      from tokenizers import Tokenizer

      tokenizer = Tokenizer.from_file("{tokenizer}")
      tokenizer.no_padding()
      tokenizer.enable_truncation(json.load(open("{preprocessor}"))["max_length"])
      session = onnxruntime.InferenceSession("{model}")
      ids = numpy.array([tokenizer.encode(open("{file}").read()).ids], dtype=numpy.int64)
      probabilities = session.run(["{probabilities}"], {"{input}": ids})[0][0]
      ```
      """;

  private static final String OF_RECORDINGS =
      """
      The model makes its own spectrogram: give it the samples of a recording, mono, at the rate that
      `{preprocessor}` names, in the middle of a window of as many samples as its input has, with
      zeros on both sides. A longer recording is cut into windows that are spread evenly over it, at
      most half a window apart and at most {windows}, and the mean of their probabilities is its answer;
      Graft does that by itself, and the Python below does the same.

      In any language, with nothing but ONNX Runtime: the input `{input}` takes floats
      [recordings, samples] from -1 to 1; the output `{probabilities}` gives [recordings, classes] in
      the order of `id2label` in `{config}`. In Java:

      ```java
      // samples: a float[] of one window
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      try (OrtSession session = environment.createSession("{model}");
          OnnxTensor waveform = OnnxTensor.createTensor(environment, new float[][] {samples});
          OrtSession.Result result = session.run(Map.of("{input}", waveform))) {
        float[][] probabilities = (float[][]) result.get("{probabilities}").orElseThrow().getValue();
      }
      ```

      In Python:

      ```python
      import json, math, numpy, onnxruntime, soundfile
      from scipy.signal import resample_poly

      session = onnxruntime.InferenceSession("{model}")
      rate = json.load(open("{preprocessor}"))["sampling_rate"]
      window = session.get_inputs()[0].shape[1]
      samples, own_rate = soundfile.read("{file}", dtype="float32", always_2d=True)
      samples = samples.mean(axis=1)
      shared = math.gcd(rate, own_rate)
      samples = resample_poly(samples, rate // shared, own_rate // shared)
      before = max(0, window - len(samples)) // 2
      samples = numpy.pad(samples, (before, max(0, window - len(samples) - before)))
      beyond = len(samples) - window
      count = min({windows}, -(-beyond // (window // 2)) + 1)
      starts = [i * beyond // max(1, count - 1) for i in range(count)]
      waveform = numpy.stack([samples[s : s + window] for s in starts]).astype(numpy.float32)
      probabilities = session.run(["{probabilities}"], {"{input}": waveform})[0].mean(axis=0)
      ```
      """;
}
