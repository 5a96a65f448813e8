package dev.graft.zoo.hub.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands in front of a server, and cuts the first connections on which an object is sent. */
final class CuttingRelay implements AutoCloseable {
  private static final int BYTES_BEFORE_CUT = 3_000;

  private final ServerSocket listening;
  private final int target;
  private final AtomicInteger cutsLeft;

  CuttingRelay(URI server, int cuts) throws IOException {
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.target = server.getPort();
    this.cutsLeft = new AtomicInteger(cuts);
    start(this::accept);
  }

  String address() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  int cutsLeft() {
    return cutsLeft.get();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (!listening.isClosed()) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        start(() -> relay(client, server, true));
        start(() -> relay(server, client, false));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void relay(Socket from, Socket to, boolean mayCut) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] chunk = new byte[1_000];
      boolean sending = false;
      long sent = 0;
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        boolean begins =
            new String(chunk, 0, count, StandardCharsets.ISO_8859_1).startsWith("PUT ");
        sent = begins ? 0 : sent + count;
        sending |= begins;
        if (mayCut && sending && sent > BYTES_BEFORE_CUT && cutsLeft.getAndDecrement() > 0) {
          return;
        }
        out.write(chunk, 0, count);
        out.flush();
      }
    } catch (IOException cut) {
      // Both ends are closed.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
