package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import dev.graft.data.image.PixelImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PredictionPipelineTest {

  private static final byte[] RED = PngEncoder.encode(TestBundles.plain(12, 10, 200, 0, 0));
  private static final byte[] BLUE = PngEncoder.encode(TestBundles.plain(9, 14, 0, 0, 200));

  @TempDir Path folder = Path.of(".");
  private Predictor predictor = unopened();

  @SuppressWarnings("NullAway") // Replaced before each test.
  private static Predictor unopened() {
    return null;
  }

  @BeforeEach
  void loadBundle() throws IOException {
    predictor = Predictor.load(TestBundles.write(folder), InferenceOptions.defaults());
  }

  @AfterEach
  void closePredictor() {
    predictor.close();
  }

  @Test
  void predictAll_manyInputs_keepTheirOrder() {
    List<PredictionInput> inputs =
        IntStream.range(0, 200)
            .mapToObj(i -> PredictionInput.ofBytes("image " + i, i % 3 == 0 ? RED : BLUE))
            .toList();
    List<PredictionOutcome> outcomes = all(inputs);
    assertThat(outcomes).hasSize(200);
    for (int i = 0; i < 200; i++) {
      assertThat(outcomes.get(i).id()).isEqualTo("image " + i);
      assertThat(label(outcomes.get(i))).isEqualTo(i % 3 == 0 ? "red" : "blue");
    }
  }

  @Test
  void predictAll_damagedMissingAndElongated_areLeftOutInPlace() {
    byte[] row = PngEncoder.encode(TestBundles.plain(300, 1, 0, 0, 200));
    List<PredictionOutcome> outcomes =
        all(
            List.of(
                PredictionInput.ofBytes("good", RED),
                PredictionInput.ofBytes("cut.png", Arrays.copyOf(RED, 40)),
                PredictionInput.ofBytes("empty.png", new byte[0]),
                PredictionInput.of(
                    "missing.png", new ExampleSource.FileSource(folder.resolve("missing.png"))),
                PredictionInput.ofBytes("row.png", row),
                PredictionInput.ofBytes("also good", BLUE)));
    assertThat(outcomes)
        .extracting(PredictionOutcome::id)
        .containsExactly("good", "cut.png", "empty.png", "missing.png", "row.png", "also good");
    assertThat(label(outcomes.get(0))).isEqualTo("red");
    assertThat(reason(outcomes.get(1))).contains("cut.png");
    assertThat(reason(outcomes.get(2))).contains("empty.png");
    assertThat(reason(outcomes.get(3))).contains("missing.png");
    assertThat(reason(outcomes.get(4))).contains("300 x 1 pixels");
    assertThat(label(outcomes.get(5))).isEqualTo("blue");
  }

  @Test
  void predictAll_noInputs_givesNothing() {
    assertThat(all(List.of())).isEmpty();
  }

  @Test
  void predictAll_endlessInputs_readsOnlyAFewAhead() {
    AtomicInteger asked = new AtomicInteger();
    Iterable<PredictionInput> endless =
        () ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public PredictionInput next() {
                return PredictionInput.ofBytes("image " + asked.incrementAndGet(), RED);
              }
            };
    try (Stream<PredictionOutcome> outcomes = predictor.predictAll(endless)) {
      assertThat(outcomes.limit(20).map(PredictionPipelineTest::label)).containsOnly("red");
    }
    assertThat(asked.get()).isBetween(20, 30);
  }

  @Test
  void predictAll_largeImages_boundTheMemoryThatWaits() throws Exception {
    PixelImage large = TestBundles.plain(8000, 3000, 200, 0, 0);
    byte[] png = PngEncoder.encode(large);
    AtomicInteger read = new AtomicInteger();
    PredictionInput input =
        PredictionInput.of(
            "large",
            () -> {
              read.incrementAndGet();
              return png;
            });
    List<PredictionInput> inputs = new ArrayList<>(Collections.nCopies(20, input));
    try (PredictionPipeline pipeline = new PredictionPipeline(predictor, inputs.iterator())) {
      assertThat(pipeline.hasNext()).isTrue();
      // 72 MB each: eight are begun before the first is finished, and none after two wait.
      TimeUnit.MILLISECONDS.sleep(300);
      assertThat(label(pipeline.next())).isEqualTo("red");
      assertThat(read.get()).isLessThanOrEqualTo(10);
    }
  }

  @Test
  void predictAll_closedEarly_endsItsThreads() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    PredictionInput stuck =
        PredictionInput.of(
            "stuck",
            () -> {
              reading.countDown();
              try {
                TimeUnit.MINUTES.sleep(5);
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              throw new DataException("given up");
            });
    PredictionPipeline pipeline =
        new PredictionPipeline(predictor, List.of(stuck, stuck, stuck).iterator());
    assertThat(pipeline.hasNext()).isTrue();
    assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
    pipeline.close();
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(pipeline.hasNext()).isFalse();
    assertThatThrownBy(pipeline::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void predictAll_programmingErrorInASource_isNotHidden() {
    PredictionInput broken =
        PredictionInput.of(
            "broken",
            () -> {
              throw new UnsupportedOperationException("no bytes here");
            });
    assertThatThrownBy(() -> all(List.of(broken)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("no bytes here");
  }

  private List<PredictionOutcome> all(List<PredictionInput> inputs) {
    try (Stream<PredictionOutcome> outcomes = predictor.predictAll(inputs)) {
      return outcomes.toList();
    }
  }

  private static String label(PredictionOutcome outcome) {
    return outcome instanceof PredictionOutcome.Predicted predicted
        ? predicted.prediction().label()
        : "left out: " + outcome;
  }

  private static String reason(PredictionOutcome outcome) {
    return outcome instanceof PredictionOutcome.LeftOut leftOut
        ? leftOut.reason()
        : "predicted: " + outcome;
  }
}
