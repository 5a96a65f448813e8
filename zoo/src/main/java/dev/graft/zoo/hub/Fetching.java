package dev.graft.zoo.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Fetches files of one commit, several at once. */
final class Fetching {
  private static final int PARALLEL_FILES = 4;
  private static final long LONGEST_UNWINDING_SECONDS = 5;

  private final HubCache cache;
  private final HubListing listing;
  private final PullProgress progress;
  private final RepositoryId id;
  private final String commit;
  private final String doing;
  private final Download download;
  private final HubCache.Form form;

  Fetching(
      HubCache cache,
      HubTransport hub,
      HubListing listing,
      PullProgress progress,
      RepositoryId id,
      String commit,
      String doing)
      throws IOException {
    this.cache = cache;
    this.listing = listing;
    this.progress = progress;
    this.id = id;
    this.commit = commit;
    this.doing = doing;
    this.download = new Download(hub, progress, doing);
    this.form = cache.form(id);
  }

  /** Where the content of a file lies, shown or not. */
  Path content(HubFile file) {
    Path blob = cache.blob(id, file.digest());
    return Files.isRegularFile(blob) ? blob : cache.pointer(id, commit, file.name());
  }

  /** Shows files that were fetched under their names, one after the other. */
  void show(List<HubFile> files) throws IOException {
    for (int i = 0; i < files.size(); i++) {
      HubFile file = files.get(i);
      boolean last =
          files.subList(i + 1, files.size()).stream()
              .noneMatch(other -> other.digest().equals(file.digest()));
      if (Files.isRegularFile(cache.blob(id, file.digest()))) {
        cache.show(id, commit, file.name(), file.digest(), form, last);
      }
    }
  }

  /**
   * Fetches files; once one fails, the others end as well and keep what came of them.
   *
   * @throws HubException for the first one that cannot be had
   */
  void fetch(List<HubFile> files) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    requireRoom(files);
    files.forEach(file -> progress.plan(file.sizeBytes()));
    ExecutorService threads =
        Executors.newFixedThreadPool(
            PARALLEL_FILES,
            task -> {
              Thread thread = new Thread(task, "graft-pull");
              thread.setDaemon(true);
              return thread;
            });
    try {
      CompletionService<HubFile> running = new ExecutorCompletionService<>(threads);
      for (HubFile file : files) {
        running.submit(() -> one(file));
      }
      for (int i = 0; i < files.size(); i++) {
        running.take().get();
      }
    } catch (ExecutionException failed) {
      throw unwrapped(failed);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw interrupted(ended);
    } finally {
      end(threads);
    }
  }

  private RuntimeException unwrapped(ExecutionException failed) throws IOException {
    if (failed.getCause() instanceof RuntimeException failure) {
      return failure;
    }
    if (failed.getCause() instanceof Error error) {
      throw error;
    }
    if (failed.getCause() instanceof IOException failure) {
      throw failure;
    }
    return interrupted(failed);
  }

  private HubException interrupted(Exception ended) {
    return new HubException(
        HubException.Cause.NETWORK,
        doing + ": it was interrupted. Run the same command again: it goes on from there.",
        ended);
  }

  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(LONGEST_UNWINDING_SECONDS, TimeUnit.SECONDS)) {
        // They are daemons in a blocking call: what they still write goes into partial files only.
        return;
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void requireRoom(List<HubFile> files) throws IOException {
    long needed = 0;
    for (HubFile file : files) {
      if (!Files.isRegularFile(content(file))) {
        Path partial = cache.partial(id, file.digest());
        long there = Files.isRegularFile(partial) ? Files.size(partial) : 0;
        needed = Math.addExact(needed, Math.max(0, file.sizeBytes() - there));
      }
    }
    DiskProblem.requireFree(cache.blobs(id), needed, doing);
  }

  private HubFile one(HubFile file) throws IOException, InterruptedException {
    Path blob = cache.blob(id, file.digest());
    try (BlobLock lock =
        BlobLock.on(cache.lock(id, file.digest()), () -> progress.waitsForOther(file.name()))) {
      List<Path> places = new ArrayList<>(List.of(blob));
      cache.file(id, commit, file.name()).ifPresent(places::add);
      for (Path place : places) {
        if (file.digest().isOf(place, file.sizeBytes())) {
          progress.kept(file.sizeBytes());
          return file;
        }
      }
      listing.confirmed(id, commit, file);
      download.fetch(
          file, listing.address(id, commit, file.name()), cache.partial(id, file.digest()), blob);
    }
    return file;
  }
}
