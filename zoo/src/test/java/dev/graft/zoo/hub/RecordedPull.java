package dev.graft.zoo.hub;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a pull told. */
final class RecordedPull implements PullListener {
  final List<String> waits = new CopyOnWriteArrayList<>();
  final List<Duration> durations = new CopyOnWriteArrayList<>();
  volatile String choice = "";
  volatile List<HubFileName> files = List.of();
  volatile long doneBytes;
  volatile long wholeBytes;
  volatile long receivedBytes;

  @Override
  public void chosen(List<HubFileName> chosen, long bytes, String reason) {
    files = chosen;
    choice = reason;
  }

  @Override
  public void progress(long done, long whole, long received) {
    doneBytes = done;
    wholeBytes = whole;
    receivedBytes = received;
  }

  @Override
  public void waitsForOther(HubFileName file) {
    waits.add("other: " + file);
  }

  @Override
  public void waits(String reason, Duration wait) {
    waits.add(reason);
    durations.add(wait);
  }
}
