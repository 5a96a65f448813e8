package dev.graft.zoo.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings a folder to a hub as one commit. What the hub has already is not sent again, so that a
 * push that was broken off goes on where it stopped; others see the whole commit or nothing of it.
 *
 * <p>Not thread-safe.
 */
public final class ModelPush {
  private final HubTransport hub;
  private final PushListener listener;
  private long sentBytes;

  /** With a hub; nothing is asked yet. */
  public ModelPush(HubSettings settings, PushListener listener) {
    this(new HubTransport(settings, listener), listener);
  }

  ModelPush(HubTransport hub, PushListener listener) {
    this.hub = hub;
    this.listener = listener;
  }

  /**
   * What the hub has of a model.
   *
   * @throws HubException if it cannot be asked
   */
  public RemoteModel look(ModelReference model) {
    return new HubWriting(hub, "Looking for " + model).look(model);
  }

  /**
   * Makes a repository; nothing happens where there is one.
   *
   * @throws HubException if the hub does not let one
   */
  public void create(RepositoryId id, boolean hidden) {
    new HubWriting(hub, "Making " + id).create(id, hidden);
  }

  /**
   * Pushes to a repository that exists; a branch that is missing is made.
   *
   * @throws HubException if the hub does not take it
   */
  public PushedModel push(PushRequest request) {
    String doing = "Pushing " + request.model();
    HubWriting writing = new HubWriting(hub, doing);
    try {
      String parent = parent(writing, request.model());
      List<PushedFile> files = PushedFile.in(request.folder());
      Set<HubFileName> large = writing.large(request.model(), files);
      List<PushedFile> objects = files.stream().filter(f -> large.contains(f.name())).toList();
      long present = send(writing, request, objects, doing);
      List<String> deleted = deleted(request, files, parent, doing);
      JsonNode made = writing.commit(request, new HubWriting.Change(files, large, deleted, parent));
      return new PushedModel(
          made.path("commitOid").asText(""),
          made.path("commitUrl").asText(""),
          Optional.ofNullable(made.path("pullRequestUrl").textValue()),
          sentBytes,
          present,
          deleted);
    } catch (IOException failure) {
      throw new HubException(
          HubException.Cause.DISK,
          doing + ": reading its files failed (" + failure + "). Check the disk.",
          failure);
    }
  }

  private static String parent(HubWriting writing, ModelReference model) {
    Optional<String> commit = writing.look(model).commit();
    if (commit.isPresent()) {
      return commit.get();
    }
    writing.branch(model);
    return writing
        .look(model)
        .commit()
        .orElseThrow(
            () ->
                new HubException(
                    HubException.Cause.NOT_FOUND,
                    "Pushing "
                        + model
                        + ": the hub did not make the branch. Push to another one."));
  }

  /** Sends what is missing, and gives the bytes of what was there. */
  private long send(
      HubWriting writing, PushRequest request, List<PushedFile> objects, String doing) {
    if (objects.isEmpty()) {
      return 0;
    }
    ObjectUpload upload = new ObjectUpload(hub, writing, request.model().id(), doing);
    Map<PushedFile, JsonNode> wanted = upload.wanted(objects);
    long whole = wanted.keySet().stream().mapToLong(PushedFile::sizeBytes).sum();
    listener.progress(0, whole);
    for (Map.Entry<PushedFile, JsonNode> entry : wanted.entrySet()) {
      upload.send(entry.getKey(), entry.getValue(), bytes -> sent(bytes, whole));
    }
    long all =
        objects.stream()
            .collect(Collectors.toMap(PushedFile::sha256, PushedFile::sizeBytes, (a, b) -> a))
            .values()
            .stream()
            .mapToLong(Long::longValue)
            .sum();
    return all - whole;
  }

  private synchronized void sent(long bytes, long whole) {
    sentBytes += bytes;
    listener.progress(sentBytes, whole);
  }

  private List<String> deleted(
      PushRequest request, List<PushedFile> files, String parent, String doing) {
    Set<String> names = files.stream().map(f -> f.name().text()).collect(Collectors.toSet());
    return new HubListing(hub, doing)
        .files(request.model().id(), parent).stream()
            .map(file -> file.name().text())
            .filter(name -> !names.contains(name) && request.replaced().test(name))
            .toList();
  }
}
