package dev.graft.zoo.hub;

import java.net.URI;
import java.util.Locale;

/**
 * The server behind an address: who may see the token depends on all three.
 *
 * @param scheme http or https
 * @param host in lower case
 * @param port the scheme's own where the address names none
 */
record Origin(String scheme, String host, int port) {
  static Origin of(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    return new Origin(scheme, host, address.getPort() < 0 ? usual : address.getPort());
  }

  boolean isEncrypted() {
    return scheme.equals("https");
  }

  /** By the name alone: what a name server says is no proof. */
  boolean isLoopback() {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  /** Whether an address can be asked at all. */
  static boolean isUsable(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    return (scheme.equals("http") || scheme.equals("https"))
        && address.getHost() != null
        && address.getUserInfo() == null;
  }

  static URI checkedEndpoint(URI address) {
    if (!isUsable(address) || address.getQuery() != null || address.getFragment() != null) {
      throw noEndpoint(String.valueOf(address));
    }
    String text = address.toString();
    return text.endsWith("/")
        ? checkedEndpoint(URI.create(text.substring(0, text.length() - 1)))
        : address;
  }

  static HubException noEndpoint(String found) {
    return new HubException(
        HubException.Cause.USAGE,
        "Reading the hub's address (HF_ENDPOINT or --endpoint): an address such as "
            + HubSettings.STANDARD_ENDPOINT
            + " is expected, found \""
            + found.replaceAll("//[^/@]*@", "//")
            + "\".");
  }
}
