package dev.graft.transfer.sharing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.runtime.Bundle;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.InferenceOptions;
import dev.graft.runtime.Modality;
import dev.graft.runtime.ParityCheck;
import dev.graft.runtime.SyntheticExamples;
import dev.graft.runtime.trust.FileList;
import dev.graft.runtime.trust.Verification;
import dev.graft.transfer.BackboneFolder;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.bagofwords.WordsBackbone;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Copies of a model what may leave the machine. Only files that are known to hold nothing of the
 * training data are taken; golden examples are replaced by synthetic ones, whose outputs the model
 * itself gives, and the copy is proved by them.
 */
public final class ModelSharing {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LARGEST_TEXT_BYTES = 64 << 20;

  /** Copied as they are, from bundles and backbones. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "model\\.onnx|stream\\.onnx|config\\.json|preprocessor_config\\.json|tokenizer\\.json"
              + "|log/metrics\\.jsonl");

  /** Copied as well, where somebody has put them there. */
  private static final Pattern LICENCE = Pattern.compile("(LICEN[CS]E|NOTICE)[\\w.-]*");

  private static final Pattern REWRITTEN =
      Pattern.compile("README\\.md|metrics\\.json|provenance\\.json");

  private final Path model;
  private final Path staging;
  private final SharingOptions options;
  private final List<String> leftOut = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  private ModelSharing(Path model, Path staging, SharingOptions options) {
    this.model = model;
    this.staging = staging;
    this.options = options;
  }

  /**
   * Makes the copy.
   *
   * @param model a folder that training or pre-training wrote
   * @param staging an empty folder
   * @throws TransferException if the folder is none of them, or its backbone's licence forbids to
   *     share it and no reason was given
   * @throws dev.graft.runtime.BundleException if the folder's parts do not belong together
   */
  public static SharedModel prepare(Path model, Path staging, SharingOptions options) {
    try {
      return new ModelSharing(model, staging, options).prepare();
    } catch (IOException failure) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Preparing " + model + " for others failed: " + failure + ". Check disk and permissions.",
          failure);
    }
  }

  /** Whether a path is one of the files that training writes, shared or not. */
  public static boolean isWritten(String path) {
    boolean list = path.equals(BundleLayout.FILES) || path.equals(BundleLayout.SIGNATURE);
    return list
        || isOfTraining(path)
        || REWRITTEN.matcher(path).matches()
        || PLAIN.matcher(path).matches();
  }

  private SharedModel prepare() throws IOException {
    Optional<Bundle> bundle =
        BackboneFolder.isAt(model) ? Optional.empty() : Optional.of(Bundle.open(model));
    ObjectNode provenance = read(BundleLayout.PROVENANCE);
    ObjectNode metrics = read(BundleLayout.METRICS);
    Modality modality =
        bundle.isPresent() ? bundle.get().config().modality() : modalityOfBackbone(provenance);
    LicenceTerms terms = terms(bundle.isPresent(), provenance);
    requireNoWords(provenance);
    requireWhole(bundle);
    copyFiles(bundle);
    write(BundleLayout.METRICS, SharedJson.text(shown(metrics, SharedJson.metrics(metrics))));
    write(BundleLayout.PROVENANCE, SharedJson.text(SharedJson.provenance(provenance)));
    write(
        BundleLayout.MODEL_CARD,
        new SharedCard(card(), provenance, metrics)
            .text(modality, terms, options.licenceReason(), leftOut));
    if (bundle.isPresent()) {
      ParityCheck.run(staging);
    }
    FileList.write(staging);
    return new SharedModel(staging, sizes(), terms.licence(), leftOut, remarks);
  }

  /** With examples, the figures of each of them may go along as well. */
  private ObjectNode shown(ObjectNode all, ObjectNode withoutExamples) {
    return options.withExamples() ? all : withoutExamples;
  }

  // --- whose it is -------------------------------------------------------------------------------

  private LicenceTerms terms(boolean bundle, ObjectNode provenance) {
    String licence =
        bundle
            ? provenance.at("/backbone/licence").asText("")
            : read(BundleLayout.CONFIG).path("license").asText("");
    Optional<String> stated =
        Optional.of(licence).filter(text -> !text.isBlank() && !text.equals("null"));
    boolean own =
        provenance.at("/settings/weights").asText().equals("fresh")
            || countsWords(provenance)
            || !bundle;
    LicenceTerms terms = own ? LicenceTerms.ofOwnWeights(stated) : LicenceTerms.of(stated);
    if (terms.obstacle().isPresent() && options.licenceReason().isEmpty()) {
      throw new TransferException(
          TransferException.Cause.MODEL,
          "Sharing "
              + model
              + " is refused: "
              + terms.obstacle().get()
              + ". Where you know that you may, say why with --licence-reason \"...\"; it goes into"
              + " the model card.");
    }
    terms.condition().ifPresent(remarks::add);
    if (own && stated.isEmpty()) {
      remarks.add(
          "It states no licence, so that others may look at it and do nothing more; graft pretrain"
              + " --licence states one.");
    }
    return terms;
  }

  private static boolean countsWords(ObjectNode provenance) {
    return provenance.at("/backbone/id").asText().equals(WordsBackbone.ID);
  }

  /** What counts words knows each word of the training texts. */
  private void requireNoWords(ObjectNode provenance) {
    if (countsWords(provenance) && !options.withExamples()) {
      throw new TransferException(
          TransferException.Cause.MODEL,
          "Sharing "
              + model
              + " is refused: its "
              + BundleLayout.TOKENIZER
              + " lists the words of the training texts, names and numbers among them. Where they"
              + " may leave this machine, say --with-examples.");
    }
  }

  private Modality modalityOfBackbone(ObjectNode provenance) {
    ObjectNode config = read(BundleLayout.CONFIG);
    Optional<Modality> modality = Modality.ofJsonName(config.path("modality").asText());
    if (modality.isEmpty() || !provenance.has("architecture")) {
      throw new TransferException(
          TransferException.Cause.MODEL,
          "Sharing "
              + model
              + " is refused: expected a folder that graft train, graft wakeword train or graft"
              + " pretrain wrote, found a network from elsewhere. Share what you made from it"
              + " instead.");
    }
    return modality.get();
  }

  // --- files -------------------------------------------------------------------------------------

  /** The synthetic examples are made by the model, so that they would prove a damaged one, too. */
  private void requireWhole(Optional<Bundle> bundle) throws IOException {
    if (!Files.exists(model.resolve(BundleLayout.FILES))) {
      if (bundle.isPresent()) {
        ParityCheck.run(model);
      }
      return;
    }
    for (Verification.Problem problem : Verification.of(model, Optional.empty()).problems()) {
      boolean list = problem.path().equals(BundleLayout.FILES);
      if (list || PLAIN.matcher(problem.path()).matches()) {
        throw new TransferException(
            TransferException.Cause.MODEL,
            "Sharing "
                + model
                + " is refused: "
                + problem.path()
                + " "
                + problem.kind().words()
                + ". Restore it, or delete "
                + BundleLayout.FILES
                + " where the change is meant.");
      }
    }
  }

  private void copyFiles(Optional<Bundle> bundle) throws IOException {
    boolean examples = false;
    for (Map.Entry<String, Path> file : FileList.files(model).entrySet()) {
      String path = file.getKey();
      boolean example = path.startsWith(BundleLayout.EXAMPLES + "/");
      examples |= example;
      if (path.equals(BundleLayout.FILES) || path.equals(BundleLayout.SIGNATURE)) {
        continue;
      }
      boolean plain = PLAIN.matcher(path).matches() || LICENCE.matcher(path).matches();
      if (plain || (options.withExamples() && isOfTraining(path))) {
        copy(path, file.getValue());
      } else if (!example && !REWRITTEN.matcher(path).matches()) {
        leftOut.add(path + ": " + reason(path));
      }
    }
    if (bundle.isPresent() && !(options.withExamples() && examples)) {
      SyntheticExamples.of(bundle.get(), InferenceOptions.defaults())
          .write(staging.resolve(BundleLayout.EXAMPLES));
      if (examples) {
        leftOut.add(
            BundleLayout.EXAMPLES + "/: examples of the data; synthetic ones lie there instead");
      }
    }
    if (!options.withExamples() && bundle.isPresent()) {
      leftOut.add(BundleLayout.METRICS + ": what names single examples");
    }
  }

  private static boolean isOfTraining(String path) {
    return path.startsWith(BundleLayout.EXAMPLES + "/") || !reason(path).equals(UNKNOWN);
  }

  private static final String UNKNOWN = "not known to hold nothing of the data";

  private static String reason(String path) {
    return switch (path) {
      case BundleLayout.REPORT, "wakeword.html" -> "shows and names examples of the data";
      case BundleLayout.PREDICTIONS -> "names each test example";
      case BundleLayout.FIXES -> "names examples of the data";
      case BundleLayout.TRAINING_FEATURES ->
          "names and features of training examples; without it, unlike inputs are not told";
      default -> UNKNOWN;
    };
  }

  private void copy(String path, Path file) throws IOException {
    Path target = staging.resolve(path);
    Files.createDirectories(target.resolveSibling(""));
    Files.copy(file, target, LinkOption.NOFOLLOW_LINKS);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(staging.resolve(name), text, StandardCharsets.UTF_8);
  }

  private String card() throws IOException {
    Path card = model.resolve(BundleLayout.MODEL_CARD);
    return Files.isRegularFile(card) && Files.size(card) <= LARGEST_TEXT_BYTES
        ? Files.readString(card, StandardCharsets.UTF_8)
        : "# " + LocalPaths.lastName(model.toAbsolutePath().normalize().toString()) + "\n";
  }

  private ObjectNode read(String name) {
    Path file = model.resolve(name);
    try {
      if (Files.isRegularFile(file)
          && Files.size(file) <= LARGEST_TEXT_BYTES
          && JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException unreadable) {
      // Told below.
    }
    throw new TransferException(
        TransferException.Cause.MODEL,
        "Sharing "
            + model
            + ": "
            + name
            + " is expected to be there and to hold a JSON object. Restore the folder that graft"
            + " wrote; graft verify says what else is wrong.");
  }

  private SortedMap<String, Long> sizes() throws IOException {
    SortedMap<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(staging)) {
      for (Path path : tree.filter(Files::isRegularFile).toList()) {
        sizes.put(staging.relativize(path).toString().replace('\\', '/'), Files.size(path));
      }
    }
    return sizes;
  }
}
