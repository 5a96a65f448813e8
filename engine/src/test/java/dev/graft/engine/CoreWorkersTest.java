package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withPrecision;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class CoreWorkersTest {
  @Test
  void run_sideBySide_equalsOnePassAfterAnother() {
    FloatTensor images = TestTensors.noise(3, 4, 3, 32, 32);
    try (Network network = Network.load(TestGraphs.residual(), Precision.FP32);
        Network alone = Network.load(TestGraphs.residual(), Precision.FP32);
        CoreWorkers workers = CoreWorkers.open()) {
      float[] expected = alone.run(images).values();
      List<Future<FloatTensor>> passes = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        passes.add(workers.submit(() -> network.run(images)));
      }
      float[] first = CoreWorkers.result(passes.get(0)).values();
      assertThat(first).containsExactly(expected, withPrecision(1e-4f));
      for (Future<FloatTensor> pass : passes) {
        assertThat(CoreWorkers.result(pass).values()).isEqualTo(first);
      }
    }
  }

  @Test
  void onOneCore_task_hasOneThreadAndLeavesTheOthersAlone() {
    int before = Libtorch.threads();
    assertThat(CoreWorkers.onOneCore(torch::get_num_threads)).isEqualTo(1);
    assertThat(Libtorch.threads()).isEqualTo(before);
    AtomicBoolean same = new AtomicBoolean();
    Thread later = new Thread(() -> same.set(torch.get_num_threads() == before));
    later.start();
    org.assertj.core.api.Assertions.assertThatCode(later::join).doesNotThrowAnyException();
    assertThat(same).isTrue();
  }

  @Test
  void result_failedTask_throwsItsException() {
    assertThatThrownBy(
            () ->
                CoreWorkers.onOneCore(
                    () -> {
                      throw new EngineException("no such thing");
                    }))
        .isInstanceOf(EngineException.class)
        .hasMessage("no such thing");
  }

  @Test
  void close_runningTask_waitsForIt() throws InterruptedException {
    AtomicBoolean ended = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(1);
    CoreWorkers workers = CoreWorkers.open();
    Future<Integer> task =
        workers.submit(
            () -> {
              begun.countDown();
              long until = System.nanoTime() + 200_000_000L;
              while (System.nanoTime() < until) {
                Thread.onSpinWait();
              }
              ended.set(true);
              return 0;
            });
    begun.await();
    workers.close();
    assertThat(ended).isTrue();
    assertThat(task.isDone()).isTrue();
  }
}
