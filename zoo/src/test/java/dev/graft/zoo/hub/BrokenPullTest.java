package dev.graft.zoo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.graft.zoo.hub.TestHub.Misbehaviour;
import dev.graft.zoo.hub.TestHub.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that break, and what was left by a pull that was killed. */
class BrokenPullTest {
  @TempDir Path folder = Path.of(".");
  private PullFixture pull = new PullFixture(Path.of("."));

  private PullFixture fixture() {
    pull = new PullFixture(folder);
    return pull;
  }

  @AfterEach
  void close() {
    pull.close();
  }

  private static boolean isModel(Seen request) {
    return request.isContent() && request.path().endsWith(PullFixture.MODEL);
  }

  /** Sends the beginning of the model, then closes the connection. */
  private Misbehaviour breakingOffAfter(int bytes, int times) {
    return (exchange, request) -> {
      if (!isModel(request) || request.number() > times) {
        return false;
      }
      int from = offset(request);
      int until = Math.min(pull.model().length, from + bytes);
      range(exchange, from);
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, pull.model().length - from);
      exchange.getResponseBody().write(pull.model(), from, until - from);
      exchange.getResponseBody().flush();
      return true;
    };
  }

  private void range(HttpExchange exchange, int from) {
    if (from > 0) {
      int length = pull.model().length;
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes " + from + "-" + (length - 1) + "/" + length);
    }
  }

  private static int offset(Seen request) {
    return request
        .header("Range")
        .map(text -> Integer.parseInt(text.replaceAll("\\D", "")))
        .orElse(0);
  }

  private void requireWhole(PulledModel model) throws IOException {
    assertThat(model.modelFile()).hasBinaryContent(pull.model());
    assertThat(pull.blobs()).allMatch(name -> name.matches("[0-9a-f]{40}|[0-9a-f]{64}"));
  }

  // --- broken bodies -----------------------------------------------------------------------------

  @Test
  void pull_bodyBreaksOff_goesOnWhereItStopped() throws IOException {
    fixture().hub.misbehaving(breakingOffAfter(100_000, 3));
    requireWhole(pull.pull());
    List<Seen> requests = pull.hub.contentRequests(PullFixture.MODEL);
    assertThat(requests.stream().map(request -> request.header("Range").orElse("")))
        .containsExactly("", "bytes=100000-", "bytes=200000-", "bytes=300000-");
    assertThat(pull.heard.waits).hasSize(3).allMatch(reason -> reason.startsWith("the connection"));
  }

  @Test
  void pull_bodyBreaksOffAtOnce_endsAfterFiveTimesAndKeepsWhatCame() throws IOException {
    fixture().hub.misbehaving(breakingOffAfter(100_000, 1)).misbehaving(breakingOffAfter(10, 99));
    assertThatThrownBy(pull::pull)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("Pulling someone/tiny: model.onnx broke off after 1000")
        .hasMessageContaining("5 times. Run the same command again: it goes on from there.");
    assertThat(Files.size(pull.partial(PullFixture.MODEL))).isBetween(100_000L, 100_100L);
    assertThat(pull.repository().resolve("refs")).doesNotExist();
  }

  @Test
  void pull_nothingComesAnyMore_isTriedAgain() throws IOException {
    fixture()
        .hub
        .misbehaving(
            (exchange, request) -> {
              if (!isModel(request) || request.number() > 1) {
                return false;
              }
              exchange.sendResponseHeaders(200, pull.model().length);
              exchange.getResponseBody().write(pull.model(), 0, 5_000);
              exchange.getResponseBody().flush();
              sleep(3_000);
              return true;
            });
    requireWhole(pull.pull());
    assertThat(pull.heard.waits).containsExactly("nothing came for 0.6 s");
    assertThat(pull.hub.contentRequests(PullFixture.MODEL).get(1).header("Range"))
        .contains("bytes=5000-");
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void pull_serverWithoutRanges_beginsAgain() throws IOException {
    fixture()
        .hub
        .misbehaving(breakingOffAfter(100_000, 1))
        .misbehaving(
            (exchange, request) -> {
              if (!isModel(request)) {
                return false;
              }
              TestHub.sendFrom(exchange, pull.model(), Optional.empty());
              return true;
            });
    requireWhole(pull.pull());
    assertThat(pull.hub.contentRequests(PullFixture.MODEL)).hasSize(2);
    assertThat(pull.heard.doneBytes).isEqualTo(pull.heard.wholeBytes);
  }

  @Test
  void pull_otherRangeThanAskedFor_isNotTaken() throws IOException {
    fixture()
        .hub
        .misbehaving(breakingOffAfter(100_000, 1))
        .misbehaving(
            (exchange, request) -> {
              if (!isModel(request) || request.number() != 2) {
                return false;
              }
              TestHub.sendFrom(exchange, pull.model(), Optional.of("bytes=99999-"));
              return true;
            });
    requireWhole(pull.pull());
    assertThat(pull.heard.waits).contains("the server sent another range");
  }

  @Test
  void pull_rangeRefused_beginsAgain() throws IOException {
    fixture()
        .hub
        .misbehaving(breakingOffAfter(100_000, 1))
        .misbehaving(
            (exchange, request) -> {
              if (!isModel(request) || request.header("Range").isEmpty()) {
                return false;
              }
              exchange.sendResponseHeaders(416, -1);
              return true;
            });
    requireWhole(pull.pull());
    assertThat(pull.heard.waits).contains("the server has no such range");
  }

  // --- what a killed pull left -------------------------------------------------------------------

  private void leave(byte[] bytes) throws IOException {
    Files.createDirectories(pull.repository().resolve("blobs"));
    Files.write(pull.partial(PullFixture.MODEL), bytes);
  }

  @Test
  void pull_partialFile_isGoneOnWith() throws IOException {
    fixture();
    leave(Arrays.copyOf(pull.model(), 250_000));
    requireWhole(pull.pull());
    assertThat(pull.hub.contentRequests(PullFixture.MODEL))
        .extracting(request -> request.header("Range").orElse(""))
        .containsExactly("bytes=250000-");
    assertThat(pull.heard.receivedBytes).isEqualTo(pull.model().length - 250_000 + 2);
  }

  @Test
  void pull_wholePartialFile_isCheckedAndTaken() throws IOException {
    fixture();
    leave(pull.model());
    requireWhole(pull.pull());
    assertThat(pull.hub.contentRequests(PullFixture.MODEL)).isEmpty();
  }

  @Test
  void pull_rottenPartialFile_beginsAgain() throws IOException {
    fixture();
    byte[] rotten = Arrays.copyOf(pull.model(), 250_000);
    rotten[77] ^= 4;
    leave(rotten);
    requireWhole(pull.pull());
    assertThat(pull.hub.contentRequests(PullFixture.MODEL))
        .extracting(request -> request.header("Range").orElse(""))
        .containsExactly("bytes=250000-", "");
  }

  @Test
  void pull_tooLongPartialFile_beginsAgain() throws IOException {
    fixture();
    leave(new byte[PullFixture.MODEL_BYTES * 2]);
    requireWhole(pull.pull());
  }

  @Test
  void pull_partialFileThatIsLink_leavesItsTargetAlone() throws IOException {
    fixture();
    Path victim = Files.writeString(folder.resolve("victim"), "precious");
    Files.createDirectories(pull.repository().resolve("blobs"));
    Files.createSymbolicLink(pull.partial(PullFixture.MODEL), victim);
    requireWhole(pull.pull());
    assertThat(victim).hasContent("precious");
  }

  @Test
  void pull_contentChangedOnHub_partialFileOfOldOneIsNotMixedIn() throws IOException {
    fixture();
    leave(Arrays.copyOf(pull.model(), 250_000));
    Path old = pull.partial(PullFixture.MODEL);
    pull.hub.withLarge(PullFixture.MODEL, TinyModel.of(500_000));
    requireWholeBeside(old);
    assertThat(pull.hub.contentRequests(PullFixture.MODEL))
        .extracting(request -> request.header("Range").orElse(""))
        .containsExactly("");
  }

  private void requireWholeBeside(Path old) throws IOException {
    assertThat(pull.pull().modelFile()).hasBinaryContent(pull.model());
    assertThat(Files.size(old)).isEqualTo(250_000);
  }
}
