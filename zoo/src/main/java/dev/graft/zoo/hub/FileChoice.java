package dev.graft.zoo.hub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which files of a repository are needed to transfer its network: one ONNX file, and what describes
 * it. Of a model that Graft has written, all of them.
 *
 * @param model the ONNX file
 * @param others without what its external data name
 * @param reason why this ONNX file, in one sentence
 */
record FileChoice(HubFileName model, List<HubFileName> others, String reason) {
  private static final String ENDING = ".onnx";

  /** What describes a network, where it lies at the top or beside the ONNX file. */
  static final List<String> DESCRIPTIONS =
      List.of(
          "config.json",
          "preprocessor_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "vocab.txt",
          "modules.json",
          "config_sentence_transformers.json",
          "sentence_bert_config.json",
          "1_Pooling/config.json",
          "README.md");

  private static final Pattern LICENCE =
      Pattern.compile("(LICEN[CS]E|NOTICE|COPYING)[\\w.-]*", Pattern.CASE_INSENSITIVE);

  /** In the names of files whose weights have fewer than 32 bits, or whose graph was fused. */
  private static final Pattern REDUCED =
      Pattern.compile(
          "[._-](fp16|float16|f16|half|bf16|int8|uint8|qint8|quint8|quant|quantized|dynamic|int4|uint4"
              + "|bnb4|q4|q4f16|q8|qdq|o[1-4])([._-]|$)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern SIXTEEN_BITS =
      Pattern.compile("[._-](fp16|float16|f16|half)([._-]|$)", Pattern.CASE_INSENSITIVE);

  /**
   * The usual names of a whole network or of the half that gives features, the first ones first.
   */
  private static final List<String> USUAL =
      List.of(
          "model.onnx",
          "onnx/model.onnx",
          "encoder_model.onnx",
          "onnx/encoder_model.onnx",
          "vision_model.onnx",
          "onnx/vision_model.onnx",
          "text_model.onnx",
          "onnx/text_model.onnx",
          "audio_model.onnx",
          "onnx/audio_model.onnx");

  /**
   * Chooses from all files.
   *
   * @param asked the path or the name of the ONNX file, where the user said one
   * @throws HubException if there is none, or several of which none is the usual one
   */
  static FileChoice of(List<HubFileName> files, Optional<String> asked, String doing) {
    List<HubFileName> models = files.stream().filter(file -> lower(file).endsWith(ENDING)).toList();
    if (models.isEmpty()) {
      throw none(files, doing);
    }
    HubFileName model = asked.isPresent() ? named(models, asked.get(), doing) : best(models, doing);
    String reason = reason(model, models, asked.isPresent());
    List<HubFileName> others =
        files.stream()
            .filter(file -> !file.equals(model))
            .filter(file -> isWritten(files) || isNeeded(file, model))
            .toList();
    requireStorable(model, others, doing);
    return new FileChoice(model, others, reason);
  }

  private static String lower(HubFileName file) {
    return file.text().toLowerCase(Locale.ROOT);
  }

  /** Training and pre-training leave such a folder; its files belong together. */
  private static boolean isWritten(List<HubFileName> files) {
    Set<String> names = files.stream().map(HubFileName::text).collect(Collectors.toSet());
    return names.containsAll(List.of("model.onnx", "config.json", "provenance.json"));
  }

  private static boolean isNeeded(HubFileName file, HubFileName model) {
    boolean licence = LICENCE.matcher(file.text()).matches();
    // By habit; what the ONNX file names beside these is found when it lies there.
    boolean external =
        file.text().startsWith(model.text() + "_data")
            || file.text().equals(model.text() + ".data");
    boolean description =
        DESCRIPTIONS.contains(file.text())
            || DESCRIPTIONS.contains(
                file.text().startsWith(model.folder())
                    ? file.text().substring(model.folder().length())
                    : "");
    return licence || external || description;
  }

  // --- the ONNX file -----------------------------------------------------------------------------

  private static HubFileName named(List<HubFileName> models, String asked, String doing) {
    List<HubFileName> exact = models.stream().filter(file -> file.text().equals(asked)).toList();
    List<HubFileName> fitting =
        exact.isEmpty()
            ? models.stream().filter(file -> file.fileName().equals(asked)).toList()
            : exact;
    if (fitting.size() == 1) {
      return fitting.get(0);
    }
    throw new HubException(
        HubException.Cause.USAGE,
        doing
            + ": one ONNX file called \""
            + asked
            + "\" is expected, found "
            + (fitting.isEmpty() ? "none" : String.valueOf(fitting.size()))
            + ". Name one of: "
            + list(models)
            + ".");
  }

  private static HubFileName best(List<HubFileName> models, String doing) {
    for (String usual : USUAL) {
      Optional<HubFileName> found =
          models.stream().filter(file -> file.text().equals(usual)).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
    }
    List<HubFileName> whole = models.stream().filter(file -> !isReduced(file)).toList();
    if (whole.size() == 1) {
      return whole.get(0);
    }
    if (whole.size() > 1) {
      throw new HubException(
          HubException.Cause.USAGE,
          doing
              + ": it has "
              + whole.size()
              + " ONNX files, and which one to take is not known. Name one with --file: "
              + list(whole)
              + ".");
    }
    return models.stream()
        .min(
            Comparator.comparing((HubFileName file) -> !isSixteenBits(file))
                .thenComparing(file -> file.text().length())
                .thenComparing(HubFileName::text))
        .orElseThrow();
  }

  /** Whether a file's name says that its weights were rounded or its graph was fused. */
  static boolean isReduced(HubFileName file) {
    return REDUCED.matcher(stem(file)).find();
  }

  private static boolean isSixteenBits(HubFileName file) {
    return SIXTEEN_BITS.matcher(stem(file)).find();
  }

  private static String stem(HubFileName file) {
    String name = file.fileName();
    return name.substring(0, name.length() - ENDING.length());
  }

  private static String reason(HubFileName model, List<HubFileName> models, boolean asked) {
    if (asked) {
      return model + " is taken, as it was asked for.";
    }
    if (models.size() == 1) {
      return model + " is its only ONNX file.";
    }
    String of = " of " + models.size() + " ONNX files";
    return isReduced(model)
        ? model + " is taken" + of + ": none has weights of 32 bits."
        : model + " is taken" + of + ": the one with weights of 32 bits; --file takes another.";
  }

  private static HubException none(List<HubFileName> files, String doing) {
    List<HubFileName> weights =
        files.stream()
            .filter(file -> lower(file).matches(".*\\.(safetensors|bin|pt|pth|h5|msgpack|tflite)"))
            .toList();
    return new HubException(
        HubException.Cause.NOT_FOUND,
        doing
            + ": an ONNX file is expected, but it has none"
            + (weights.isEmpty() ? "" : " (its weights are in " + list(weights) + ")")
            + ". Look for its ONNX twin on the hub, for example under onnx-community or Xenova, or"
            + " export it.");
  }

  private static String list(List<HubFileName> files) {
    int shown = Math.min(12, files.size());
    String names =
        files.subList(0, shown).stream().map(HubFileName::text).collect(Collectors.joining(", "));
    return names + (files.size() > shown ? ", ..." : "");
  }

  /** Some characters mean something else elsewhere, and so do two names that differ in case. */
  private static void requireStorable(HubFileName model, List<HubFileName> others, String doing) {
    List<HubFileName> all = new ArrayList<>(others);
    all.add(model);
    TreeMap<String, HubFileName> seen = new TreeMap<>();
    for (HubFileName file : all) {
      if (!file.isPortable()) {
        throw new HubException(
            HubException.Cause.DAMAGED,
            doing
                + ": the name \""
                + file
                + "\" means another file on some systems, so it is refused. Do not use this model"
                + " unless you trust its source.");
      }
      HubFileName other = seen.put(lower(file), file);
      if (other != null) {
        throw new HubException(
            HubException.Cause.DAMAGED,
            doing
                + ": "
                + other
                + " and "
                + file
                + " differ in case alone, so that they cannot both be stored everywhere. Do not use"
                + " this model unless you trust its source.");
      }
    }
  }
}
