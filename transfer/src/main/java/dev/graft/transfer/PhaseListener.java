package dev.graft.transfer;

/**
 * Tells the progress of a part of the work under one name of its own, and leaves out its remarks.
 */
final class PhaseListener implements TrainingListener {
  private final TrainingListener listener;
  private final String name;

  PhaseListener(TrainingListener listener, String name) {
    this.listener = listener;
    this.name = name;
    listener.phase(name);
  }

  @Override
  public void progress(String phase, long done, long total, String unit) {
    listener.progress(name, done, total, unit);
  }
}
