package dev.graft.runtime;

import dev.graft.data.DataException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Decodes ahead on a few threads while the caller's thread runs the model; outcomes come in the
 * order of the inputs.
 *
 * <p>At most {@link #QUEUED_INPUTS} decoded inputs wait, and none is begun while those waiting hold
 * more than {@link #QUEUED_BYTES}, so memory stays flat however many inputs there are.
 *
 * <p>The iterator belongs to one thread; {@link #close} may come from any.
 */
final class PredictionPipeline implements Iterator<PredictionOutcome>, AutoCloseable {

  private static final int QUEUED_INPUTS = 8;
  private static final long QUEUED_BYTES = 128L << 20;
  private static final long IDLE_SECONDS = 5;
  private static final int PROCESSORS_PER_DECODER = 4;
  private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();

  private final Predictor predictor;
  private final Iterator<PredictionInput> inputs;
  private final Deque<Pending> queue = new ArrayDeque<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final ExecutorService decoders;

  private record Pending(PredictionInput input, Future<ModelInput> decoded) {}

  PredictionPipeline(Predictor predictor, Iterator<PredictionInput> inputs) {
    this.predictor = predictor;
    this.inputs = inputs;
    this.decoders = newDecoders();
  }

  private static ExecutorService newDecoders() {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / PROCESSORS_PER_DECODER);
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            Math.min(threads, QUEUED_INPUTS),
            Math.min(threads, QUEUED_INPUTS),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "graft-decoder-" + THREAD_NUMBER.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    // A stream that nobody closes must not keep its threads for ever.
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  @Override
  public boolean hasNext() {
    fill();
    if (queue.isEmpty() || decoders.isShutdown()) {
      close();
      return false;
    }
    return true;
  }

  @Override
  public PredictionOutcome next() {
    if (!hasNext()) {
      throw new NoSuchElementException("All inputs have been classified");
    }
    Pending head = queue.removeFirst();
    String id = head.input().id();
    try {
      ModelInput decoded = head.decoded().get();
      waitingBytes.addAndGet(-decoded.bytes());
      fill();
      return new PredictionOutcome.Predicted(id, predictor.predictNamed(decoded, id));
    } catch (DataException e) {
      return new PredictionOutcome.LeftOut(id, String.valueOf(e.getMessage()));
    } catch (ExecutionException e) {
      return leftOutOrThrow(id, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new CancellationException("Interrupted while waiting for " + id + " to be decoded");
    }
  }

  @Override
  public void close() {
    for (Runnable neverStarted : decoders.shutdownNow()) {
      if (neverStarted instanceof Future<?> decoded) {
        decoded.cancel(false);
      }
    }
  }

  private void fill() {
    while (!decoders.isShutdown()
        && queue.size() < QUEUED_INPUTS
        && (queue.isEmpty() || waitingBytes.get() < QUEUED_BYTES)
        && inputs.hasNext()) {
      PredictionInput input = inputs.next();
      queue.addLast(new Pending(input, decoders.submit(() -> decode(input))));
    }
  }

  private ModelInput decode(PredictionInput input) {
    ModelInput decoded = predictor.decode(input);
    waitingBytes.addAndGet(decoded.bytes());
    return decoded;
  }

  private PredictionOutcome leftOutOrThrow(String id, @Nullable Throwable cause) {
    if (cause instanceof DataException) {
      return new PredictionOutcome.LeftOut(id, String.valueOf(cause.getMessage()));
    }
    close();
    if (cause instanceof Error error) {
      throw error;
    }
    throw cause instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException("Decoding " + id + " failed", cause);
  }
}
