package dev.graft.transfer.visualisation;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.LeftOut;
import dev.graft.data.image.Augmentation;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ImageViews;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Images as a network takes them, decoded when they are asked for. Immutable, thread-safe. */
final class PreparedImages {
  private final List<Example> examples;
  private final ImageViews views;

  private PreparedImages(List<Example> examples, ImageViews views) {
    this.examples = List.copyOf(examples);
    this.views = views;
  }

  /**
   * A sample of at most so many examples, drawn by a seed, in the order in which they are given.
   */
  static PreparedImages sample(
      List<Example> examples, int most, long seed, ImagePreprocessing preprocessing) {
    int[] numbers = new int[examples.size()];
    Arrays.setAll(numbers, i -> i);
    int count = Math.min(most, numbers.length);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count && count < numbers.length; i++) {
      int other = i + random.nextInt(numbers.length - i);
      int kept = numbers[i];
      numbers[i] = numbers[other];
      numbers[other] = kept;
    }
    List<Example> chosen = new ArrayList<>();
    Arrays.stream(numbers, 0, count).sorted().forEach(number -> chosen.add(examples.get(number)));
    return new PreparedImages(chosen, new ImageViews(preprocessing, Augmentation.none(), 0));
  }

  int count() {
    return examples.size();
  }

  Example example(int number) {
    return examples.get(number);
  }

  /**
   * Decodes and prepares one: [channels, height, width].
   *
   * @throws DataException if it is no usable image
   */
  float[] prepared(int number) {
    return views.plain(views.decode(examples.get(number), ExampleTable.Decoding.FULL));
  }

  /** How an image that cannot be read is named. */
  LeftOut leftOut(int number, DataException damage) {
    return new LeftOut(examples.get(number).id(), String.valueOf(damage.getMessage()));
  }
}
