package dev.graft.benchmarks.speech;

/** The synthesizers, as Debian packages them. */
enum SpeechProgram {
  ESPEAK_NG(
      "espeak-ng",
      "espeak-ng",
      "formant synthesis, GPL-3.0-or-later; a program's licence does not cover what it says"),
  FLITE(
      "flite",
      "flite",
      "CMU Flite, free for any use with its notice kept; voices kal16 (diphones), awb, rms and slt"
          + " (CMU Arctic, statistical) come with it under the same terms"),
  FESTIVAL(
      "festival",
      "festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts",
      "Festival and its voices kal, ked (diphones) and slt (CMU Arctic, HTS), free for any use with"
          + " their notice kept (terms like X11's); voices under the GPL are not used");

  private final String command;
  private final String packages;
  private final String terms;

  SpeechProgram(String command, String packages, String terms) {
    this.command = command;
    this.packages = packages;
    this.terms = terms;
  }

  String command() {
    return command;
  }

  /** What it is and under which terms, in a sentence without its end. */
  String terms() {
    return terms;
  }

  /** How to get it with all its voices. */
  String installation() {
    return "On Debian: apt-get install " + packages;
  }
}
