package dev.graft.zoo.architecture;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.ValueInfo;
import dev.graft.onnx.frontend.FrontEnd;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A thin residual network over frequency and time for short words: a norm for each band of the
 * spectrogram; a stem of stride 2; stages of basic blocks, of which each but the first halves the
 * frequencies and only the third the time, so that a second keeps 25 places; a layer over all
 * frequencies of a place; mean and standard deviation over time; a linear layer.
 *
 * <p>Residual blocks of He et al. 2016, narrow as in Chung et al. 2020, "In Defence of Metric
 * Learning for Speaker Recognition" (section 3); statistics pooling of Snyder et al. 2018,
 * "X-vectors". It takes sounds of any length.
 *
 * @param blocksOfStages number of blocks in each of the four stages
 * @param channels of each stage; the first is the stem's as well, and the layer behind the last has
 *     twice its channels
 * @param frontEnd what turns waveforms into spectrograms
 */
public record SpeechResNet(List<Integer> blocksOfStages, List<Integer> channels, FrontEnd frontEnd)
    implements SoundArchitecture {
  private static final float EPSILON = 1e-5f;
  private static final int MOST_CHANNELS = 4_096;
  private static final Stride STEM = Stride.of(2);

  /** Down the frequencies and along the time. */
  private static final List<Stride> STAGES =
      List.of(new Stride(1, 1), new Stride(2, 1), new Stride(2, 2), new Stride(2, 1));

  /** 0.8 million weights and 512 features, behind 40 bands of {@code log-mel/1}. */
  public static final SpeechResNet SPEECH =
      new SpeechResNet(List.of(1, 2, 2, 2), List.of(24, 32, 64, 128), FrontEnd.LOG_MEL_OF_SPEECH);

  /** Checks that there are blocks and a width for each stage. */
  public SpeechResNet {
    blocksOfStages = List.copyOf(blocksOfStages);
    channels = List.copyOf(channels);
    boolean ranged =
        channels.stream().allMatch(width -> width > 0 && width <= MOST_CHANNELS)
            && blocksOfStages.stream().allMatch(count -> count > 0);
    if (channels.size() != STAGES.size() || blocksOfStages.size() != STAGES.size() || !ranged) {
      throw new IllegalArgumentException(
          "a residual network of speech needs at least 1 block in each of %d stages and as many widths of 1 to %d but has %s blocks and widths %s"
              .formatted(STAGES.size(), MOST_CHANNELS, blocksOfStages, channels));
    }
  }

  @Override
  public SpeechResNet withChannels(List<Integer> widths) {
    return new SpeechResNet(blocksOfStages, widths, frontEnd);
  }

  @Override
  public SpeechResNet withWidthTimes(double factor) {
    ChannelRounding.checked(factor);
    return withChannels(
        channels.stream().map(width -> ChannelRounding.toMultipleOfEight(factor * width)).toList());
  }

  @Override
  public SpeechResNet behind(FrontEnd other) {
    return new SpeechResNet(blocksOfStages, channels, other);
  }

  @Override
  public OnnxModel build(SoundTask task, long seed) {
    Dimension frames =
        task.samples().isPresent()
            ? Dimension.of(frontEnd.frames(task.samples().getAsInt()))
            : Dimension.named("frames");
    ValueInfo input =
        ValueInfo.of(
            FrontEnd.LOG_MEL,
            ElementType.FLOAT,
            Dimension.named("N"),
            frames,
            Dimension.of(frontEnd.bands()));
    NetworkLayers net = new NetworkLayers("speech_resnet", input, task.classes());
    NormedConvolutions convolutions = new NormedConvolutions(net, NormForm.BATCH_NORM, EPSILON);
    int width = 2 * channels.get(channels.size() - 1);
    String places = overFrequencies(convolutions, stages(convolutions), width);
    OnnxModel encoder = net.classifier("fc", net.meanAndDeviation(places), 2 * width, seed);
    return frontEnd.feeding(encoder, task.samples());
  }

  @Override
  public String describe() {
    String widths = channels.stream().map(String::valueOf).collect(Collectors.joining(", "));
    int blocks = blocksOfStages.stream().mapToInt(Integer::intValue).sum();
    return "speech ResNet of %d blocks with %s channels and statistics pooling, behind %s"
        .formatted(blocks, widths, frontEnd.describe());
  }

  @Override
  public String reference() {
    return "He et al. 2016, \"Deep Residual Learning for Image Recognition\","
        + " https://arxiv.org/abs/1512.03385; narrow, for speech, as of Chung et al. 2020, \"In"
        + " Defence of Metric Learning for Speaker Recognition\","
        + " https://arxiv.org/abs/2003.11982; statistics pooling of Snyder et al. 2018,"
        + " \"X-vectors: Robust DNN Embeddings for Speaker Recognition\"";
  }

  /** [N, T, bands] to the maps of the last stage [N, C, frequencies, places]. */
  private String stages(NormedConvolutions convolutions) {
    NetworkLayers net = convolutions.net();
    String bands = net.transposed(FrontEnd.LOG_MEL, 0, 2, 1); // [N, bands, T]
    String normed = net.batchNorm("bn0", bands, frontEnd.bands(), EPSILON);
    String x = net.node("Unsqueeze", normed, net.longs(1)); // [N, 1, bands, T]
    int from = channels.get(0);
    x = net.relu(convolutions.normed("conv1", "bn1", x, Filters.of(1, from, 3, STEM)));
    for (int stage = 0; stage < STAGES.size(); stage++) {
      int to = channels.get(stage);
      for (int block = 0; block < blocksOfStages.get(stage); block++) {
        Stride stride = block == 0 ? STAGES.get(stage) : Stride.of(1);
        x = residual(convolutions, "layer" + (stage + 1) + "." + block, x, from, to, stride);
        from = to;
      }
    }
    return x;
  }

  private static String residual(
      NormedConvolutions convolutions, String name, String x, int from, int to, Stride stride) {
    NetworkLayers net = convolutions.net();
    String y =
        convolutions.normed(name + ".conv1", name + ".bn1", x, Filters.of(from, to, 3, stride));
    y = convolutions.normed(name + ".conv2", name + ".bn2", net.relu(y), Filters.of(to, to, 3, 1));
    return net.relu(net.node("Add", y, shortcut(convolutions, name, x, from, to, stride)));
  }

  /** The mean of the places that become one, so that nothing is left out (He et al. 2019). */
  private static String shortcut(
      NormedConvolutions convolutions, String name, String x, int from, int to, Stride stride) {
    String mean = stride.isWhole() ? x : convolutions.net().shrunkByMean(x, stride);
    return stride.isWhole() && from == to
        ? x
        : convolutions.normed(
            name + ".downsample.0", name + ".downsample.1", mean, Filters.pointwise(from, to));
  }

  /** [N, C, frequencies, places] to [N, width, 1, places]. */
  private String overFrequencies(NormedConvolutions convolutions, String x, int width) {
    NetworkLayers net = convolutions.net();
    int frequencies = halved(frontEnd.bands(), STEM);
    for (Stride stride : STAGES) {
      frequencies = halved(frequencies, stride);
    }
    int from = channels.get(channels.size() - 1) * frequencies;
    String flat = net.reshaped(x, 0, from, 1, -1);
    return net.relu(convolutions.normed("conv2", "bn2", flat, Filters.pointwise(from, width)));
  }

  private static int halved(int length, Stride stride) {
    return (length + stride.rows() - 1) / stride.rows();
  }
}
