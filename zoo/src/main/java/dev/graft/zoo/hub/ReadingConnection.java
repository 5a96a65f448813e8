package dev.graft.zoo.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads with Java's older client, which blocks and copies once: a gigabyte over loopback took 2 s
 * of processor time, hashing and writing included, where java.net.http took 7 s. It follows no
 * redirects either.
 */
final class ReadingConnection {
  private ReadingConnection() {}

  /**
   * Asks for an address.
   *
   * @param headers all that are sent, the token included where it belongs
   * @param stall how long nothing may come, before the headers or within the body
   */
  static HubResponse open(
      HubRequest request, Map<String, String> headers, Duration connecting, Duration stall)
      throws IOException {
    URI address = request.address();
    URLConnection opened = address.toURL().openConnection();
    if (!(opened instanceof HttpURLConnection connection)) {
      throw new IOException("no address of HTTP");
    }
    connection.setRequestMethod(request.method());
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout((int) connecting.toMillis());
    connection.setReadTimeout((int) stall.toMillis());
    connection.setRequestProperty("Accept", "*/*");
    headers.forEach(connection::setRequestProperty);
    int status = connection.getResponseCode();
    Map<String, List<String>> answered = new HashMap<>(connection.getHeaderFields());
    // The line of the status has no name.
    answered.keySet().removeIf(Objects::isNull);
    return new HubResponse(
        address, status, HttpHeaders.of(answered, (name, value) -> true), body(connection, status));
  }

  private static InputStream body(HttpURLConnection connection, int status) throws IOException {
    InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    return new FilterInputStream(body == null ? InputStream.nullInputStream() : body) {
      private boolean atEnd;

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        atEnd |= count < 0;
        return count;
      }

      /** A body that was not read to its end would be read on for a while by closing alone. */
      @Override
      public void close() throws IOException {
        if (!atEnd) {
          connection.disconnect();
        }
        super.close();
      }
    };
  }
}
