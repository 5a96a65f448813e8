package dev.graft.transfer;

import dev.graft.data.Preprocessing;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.engine.EngineException;
import dev.graft.engine.GraphProfile;
import dev.graft.onnx.Block;
import dev.graft.onnx.GraphPreparation;
import dev.graft.onnx.Head;
import dev.graft.onnx.HeadFinder;
import dev.graft.onnx.Layers;
import dev.graft.onnx.LinearHead;
import dev.graft.onnx.NoHead;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.Pooling;
import dev.graft.onnx.TextTensors;
import dev.graft.onnx.Trunk;
import dev.graft.onnx.WeightTensor;
import dev.graft.onnx.frontend.SoundSequence;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A pretrained network, ready to be transferred: its last output layer is found and proved, the
 * trunk before it is cut out and its preprocessing is known. Immutable and thread-safe.
 */
public final class Backbone {
  private final Loaded loaded;
  private final Preprocessing preprocessing;
  private final TrunkTrial trial;
  private final String proof;
  private final Freshness freshness;

  private Backbone(
      Loaded loaded,
      Preprocessing preprocessing,
      TrunkTrial trial,
      String proof,
      Freshness freshness) {
    this.loaded = loaded;
    this.preprocessing = preprocessing;
    this.trial = trial;
    this.proof = proof;
    this.freshness = freshness;
  }

  private record Origin(String id, Path file, String sha256, Map<String, String> files) {}

  /**
   * What was found in a file.
   *
   * @param head the output layer that it was trained with
   * @param read where the new one reads, and how
   * @param sideSaid whether its user said how large its images are
   */
  private record Loaded(
      Origin origin,
      OnnxModel model,
      Head head,
      Head read,
      OnnxModel trunk,
      Optional<String> namedFeatureTensor,
      Optional<PoolingChoice> pooling,
      Supplier<Optional<SoundSequence>> sequence,
      boolean seesSound,
      boolean sideSaid) {
    /** The same graphs, opened where they fix how large images are. */
    Loaded ofAnySize(boolean said) {
      return new Loaded(
          origin,
          ImageInput.ofAnySize(model),
          head,
          read,
          ImageInput.ofAnySize(trunk),
          namedFeatureTensor,
          pooling,
          sequence,
          seesSound,
          said);
    }
  }

  /**
   * Which weights were drawn anew after loading.
   *
   * @param lastBlocks how many of the last blocks, where the rest is pretrained
   */
  private record Freshness(boolean whole, int lastBlocks) {
    static final Freshness NONE = new Freshness(false, 0);
  }

  /**
   * Reads a backbone, finds its head, proves it by running the file, and cuts the trunk.
   *
   * @param fileOrFolder an ONNX file, or a folder that holds one as model.onnx or onnx/model.onnx;
   *     of a model that training wrote, the network behind its preprocessing is taken
   * @throws dev.graft.onnx.OnnxModelException for a file that is no usable model
   * @throws PreprocessingUnknownException where nothing tells how images must be prepared
   * @throws TransferException if it takes neither images, sound nor text, the head found does not
   *     reproduce the logits, or the folder holds none
   */
  public static Backbone load(Path fileOrFolder, BackboneOptions options) {
    Path file = BackboneFolder.modelOf(fileOrFolder);
    HubSnapshot.around(file)
        .ifPresent(
            snapshot -> {
              snapshot.requireInside(List.of(file));
              snapshot.requireInside(UsedFiles.descriptions(file));
            });
    OnnxModel stored = OnnxModel.read(file);
    Origin origin =
        new Origin(
            BackboneFolder.idOf(fileOrFolder),
            file,
            stored.sha256(),
            UsedFiles.digests(file, stored.sha256()));
    OnnxModel original = ShippedNetwork.isAt(file) ? ShippedNetwork.of(stored, file) : stored;
    OptionalInt side = options.inputSize();
    if (side.isPresent()
        && !options.sound().asImage()
        && ImageInput.fixesAnother(original, side.getAsInt())) {
      return of(original, origin, options.withoutInputSize(), Optional.empty(), Freshness.NONE)
          .opened(side.getAsInt());
    }
    return of(original, origin, options, Optional.empty(), Freshness.NONE);
  }

  /**
   * The same network with weights in which nothing was learned, for the comparison with training
   * from scratch: its batch norms train with the statistics of each batch.
   *
   * @param sameGraph this backbone's {@link #model} with other values of its weights
   */
  public Backbone withWeightsOf(OnnxModel sameGraph) {
    return redrawn(sameGraph, new Freshness(true, 0));
  }

  /**
   * The same network, in whose last blocks nothing was learned: the layers nearest to the source
   * task may know it too well to learn another from few examples (Zhang et al. 2021, "Revisiting
   * Few-sample BERT Fine-tuning", section 5). A strategy that trains them must be asked for.
   *
   * @param sameGraph this backbone's {@link #model} with other values of those blocks' weights
   * @param blocks how many of the last {@link #blocks}
   */
  public Backbone withFreshBlocks(OnnxModel sameGraph, int blocks) {
    requireBlocks(blocks);
    return redrawn(sameGraph, new Freshness(false, blocks));
  }

  /**
   * Names of the weights of the last blocks.
   *
   * @throws TransferException if there are not so many blocks
   */
  public Set<String> weightsOfLast(int blocks) {
    requireBlocks(blocks);
    List<Block> all = blocks();
    List<Block> before = all.subList(0, all.size() - blocks);
    Set<String> names = new LinkedHashSet<>(weights(all.subList(all.size() - blocks, all.size())));
    names.removeAll(weights(before)); // what an earlier block shares stays
    return names;
  }

  private static List<String> weights(List<Block> blocks) {
    return blocks.stream()
        .flatMap(block -> block.layers().stream())
        .flatMap(layer -> layer.tensors().stream())
        .map(WeightTensor::name)
        .toList();
  }

  private void requireBlocks(int blocks) {
    int present = blocks().size();
    if (blocks < 1 || blocks > present) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Drawing the weights of the last blocks anew: expected 1 to "
              + present
              + " blocks, which "
              + id()
              + " has, found "
              + blocks
              + ".");
    }
  }

  private Backbone redrawn(OnnxModel sameGraph, Freshness drawn) {
    BackboneOptions same =
        new BackboneOptions(
            Optional.empty(),
            OptionalInt.empty(),
            loaded.namedFeatureTensor,
            loaded.pooling,
            SoundOptions.DEFAULTS,
            TextOptions.DEFAULTS);
    return of(sameGraph, loaded.origin, same, Optional.of(this), drawn);
  }

  /**
   * The same for square images of another side, where its user has not said which side they have: a
   * graph that fixes one is opened where it gives as many features for the other.
   *
   * @return empty where the side is said, or the graph knows only its own
   */
  Optional<Backbone> withSide(int pixels) {
    return loaded.sideSaid ? Optional.empty() : at(pixels, loaded.sideSaid);
  }

  /** At the side that its user said, which its graph does not fix. */
  private Backbone opened(int pixels) {
    if (!(preprocessing instanceof ImagePreprocessing images)) {
      return this;
    }
    ImageInput.requireSide(pixels, file());
    // At a larger one, a pooling whose window fits the own side would leave a margin unseen.
    Optional<Backbone> there =
        pixels > Math.min(images.cropHeight(), images.cropWidth())
            ? Optional.empty()
            : at(pixels, true);
    return there.orElseThrow(() -> ImageInput.fixed(images, pixels, file()));
  }

  private Optional<Backbone> at(int pixels, boolean said) {
    if (loaded.seesSound || !(preprocessing instanceof ImagePreprocessing images)) {
      return Optional.empty();
    }
    Preprocessing other = images.scaledTo(pixels);
    Loaded open = loaded.ofAnySize(said);
    try {
      TrunkTrial there = TrunkTrial.of(open.trunk, other);
      boolean alike = there.width() == featureWidth() && there.rows() == TrunkTrial.EXAMPLES;
      return alike
          ? Optional.of(new Backbone(open, other, there, proof, freshness))
          : Optional.empty();
    } catch (EngineException fixed) {
      return Optional.empty();
    }
  }

  private static Backbone of(
      OnnxModel original,
      Origin origin,
      BackboneOptions options,
      Optional<Backbone> redrawnFrom,
      Freshness freshness) {
    // One that takes tokens alone was prepared before: a pass would take the mask away, which only
    // a new head reads.
    OnnxModel prepared =
        TextTensors.isText(original.graph())
            ? original
            : ImageInput.channelsFirst(GraphPreparation.forTraining().apply(original));
    UnderstoodInput understood = UnderstoodInput.of(prepared, origin.file, origin.sha256, options);
    OnnxModel canonical = understood.model();
    Preprocessing preprocessing =
        redrawnFrom.map(Backbone::preprocessing).orElseGet(understood.preprocessing());
    Head head = HeadFinder.find(canonical, options.featureTensor(), OptionalInt.empty());
    Optional<PoolingChoice> pooling =
        redrawnFrom.isPresent() ? options.pooling() : pooling(understood, head, origin, options);
    Head read = ChosenPooling.of(canonical, head, pooling, origin.file);
    Loaded loaded =
        new Loaded(
            origin,
            canonical,
            head,
            read,
            Trunk.withFeatures(canonical, read),
            options.featureTensor(),
            pooling,
            understood.sequence(),
            understood.drawn(),
            redrawnFrom
                .map(from -> from.loaded.sideSaid)
                .orElseGet(() -> PreprocessingSource.saysSide(options)));
    TrunkTrial trial = TrunkTrial.of(loaded.trunk, preprocessing);
    String proof = HeadProving.prove(canonical, head, preprocessing, origin.file);
    return new Backbone(loaded, preprocessing, trial, proof, freshness);
  }

  /** What was asked for, else what the folder states; a network that is pooled stays as it is. */
  private static Optional<PoolingChoice> pooling(
      UnderstoodInput understood, Head head, Origin origin, BackboneOptions options) {
    if (understood.pooled()) {
      return Optional.empty();
    }
    // Exporters also write how tokens are pooled beside files that do so themselves.
    Optional<PoolingChoice> described =
        head.pooling() == Pooling.MEAN ? understood.pooling() : Optional.empty();
    return options
        .pooling()
        .or(() -> BackboneFolder.statedPooling(origin.file))
        .or(() -> described);
  }

  /**
   * How it is called: the file's name without its extension; of a folder, the id that its
   * config.json states, else its name.
   */
  public String id() {
    return loaded.origin.id;
  }

  /** SHA-256 of the file, 64 hexadecimal digits. */
  public String sha256() {
    return loaded.origin.sha256;
  }

  /** The file. */
  public Path file() {
    return loaded.origin.file;
  }

  /** The whole model at its canonical operator set, head included. */
  public OnnxModel model() {
    return loaded.model;
  }

  /** The head that was found. */
  public Head head() {
    return loaded.head;
  }

  /** The model without its head: images in, {@link Trunk#FEATURES} [N, features] out. */
  public OnnxModel trunk() {
    return loaded.trunk;
  }

  /** Groups of layers from the input to the features; "last k" counts from the end. */
  public List<Block> blocks() {
    return Layers.blocks(loaded.trunk);
  }

  /** What is done to an example before the trunk. */
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /**
   * What is done to the pixels of an image before the trunk.
   *
   * @throws TransferException if the backbone takes no images
   */
  public ImagePreprocessing imagePreprocessing() {
    if (preprocessing instanceof ImagePreprocessing images) {
      return images;
    }
    throw new TransferException(
        TransferException.Cause.MODEL,
        "Using the backbone "
            + id()
            + ": one that takes images is expected, but it takes "
            + preprocessing.kind().word()
            + ". Choose a backbone for images.");
  }

  /**
   * The trunk along recordings of any length: as many successive vectors as it says are its
   * features.
   *
   * @return empty where the trunk takes no sound, or cannot be run so
   */
  public Optional<SoundSequence> soundSequence() {
    return loaded
        .sequence
        .get()
        .filter(
            found ->
                loaded.head instanceof NoHead
                    && found.model().graph().outputs().get(0).size(2) * found.windowVectors()
                        == featureWidth());
  }

  /** What the trunk costs for one image. */
  public GraphProfile profile() {
    return trial.profile();
  }

  /** The tensor that the new head reads. */
  public String featureTensor() {
    return loaded.read.featureTensor();
  }

  /** The number of features. */
  public int featureWidth() {
    return trial.width();
  }

  /** Whether all weights are fresh and none pretrained. */
  public boolean isFresh() {
    return freshness.whole;
  }

  /** How many of the last blocks have fresh weights, where the others are pretrained. */
  public int freshBlocks() {
    return freshness.lastBlocks;
  }

  /** Whether it is a backbone of images that sees spectrograms of sound. */
  public boolean seesSound() {
    return loaded.seesSound;
  }

  /** What is known of the licence. */
  public Optional<String> licence() {
    return KnownBackbones.licence(sha256()).or(() -> ModelCardLicence.beside(file()));
  }

  /** How much it learned from, as far as that is known. */
  public Optional<SourceTask> sourceTask() {
    return KnownBackbones.sourceTask(sha256()).or(() -> SourceTask.beside(file()));
  }

  /** What was taken off, or why nothing had to be, in one sentence with its proof. */
  public String headDescription() {
    if (loaded.head instanceof LinearHead linear) {
      return "linear layer "
          + linear.weightName()
          + " ("
          + linear.features()
          + " features to "
          + linear.classes()
          + " classes); "
          + proof;
    }
    return "no output layer (" + ((NoHead) loaded.head).reason() + ")";
  }

  /** The revision of a hub that it came from, 40 hexadecimal digits. */
  public Optional<String> revision() {
    return HubSnapshot.around(file()).map(HubSnapshot::commit);
  }

  /** The files that it is made of and described by: SHA-256 by name. */
  public Map<String, String> files() {
    return loaded.origin.files;
  }
}
