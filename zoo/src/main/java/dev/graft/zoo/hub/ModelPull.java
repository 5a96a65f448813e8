package dev.graft.zoo.hub;

import dev.graft.onnx.ExternalFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Fetches a model into the cache: only the files that are needed, several at once, each checked by
 * its digest. Several processes and threads may pull the same model at once; each blob is fetched
 * once.
 *
 * <p>Immutable and thread-safe. Pulling again checks what lies there and fetches what is missing or
 * damaged.
 */
public final class ModelPull {
  private final HubSettings settings;
  private final HubCache cache;
  private final PullListener listener;
  private final Patience patience;

  /** With a cache and a hub; nothing is asked yet. */
  public ModelPull(HubSettings settings, PullListener listener) {
    this(settings, new HubCache(settings.cache()), listener, Patience.USUAL);
  }

  ModelPull(HubSettings settings, HubCache cache, PullListener listener, Patience patience) {
    this.settings = settings;
    this.cache = cache;
    this.listener = listener;
    this.patience = patience;
  }

  /**
   * A model as it lies in the cache, where it can be used without asking the hub: nothing that is
   * needed is missing, or while offline, its ONNX file is there whole.
   */
  public static Optional<PulledModel> cached(HubSettings settings, ModelReference model) {
    return new CachedChoice(new HubCache(settings.cache()), settings.offline())
        .find(model, Optional.empty());
  }

  /**
   * Fetches a model.
   *
   * @param askedFile the path or name of the ONNX file to take, where not the usual one
   * @throws HubException if it cannot be had
   * @throws dev.graft.onnx.OnnxModelException if what came is no ONNX file
   */
  public PulledModel pull(ModelReference model, Optional<String> askedFile) {
    String doing = "Pulling " + model;
    if (settings.offline()) {
      return new CachedChoice(cache, true)
          .find(model, askedFile)
          .orElseThrow(() -> notThere(model, askedFile));
    }
    PullProgress progress = new PullProgress(listener);
    HubTransport hub = new HubTransport(settings, progress::waits, patience);
    HubListing listing = new HubListing(hub, doing);
    String commit = listing.commit(model);
    Map<HubFileName, HubFile> listed = new LinkedHashMap<>();
    listing.files(model.id(), commit).forEach(file -> listed.put(file.name(), file));
    FileChoice choice = FileChoice.of(List.copyOf(listed.keySet()), askedFile, doing);
    try {
      cache.prepare(model.id());
      Fetching fetching = new Fetching(cache, hub, listing, progress, model.id(), commit, doing);
      FileChoice whole = fetched(choice, listed, fetching, doing);
      for (String description : FileChoice.DESCRIPTIONS) {
        HubFileName name = new HubFileName(description);
        if (!listed.containsKey(name)) {
          cache.writeMissing(model.id(), commit, name);
        }
      }
      cache.writeReference(model, commit);
      return new Snapshot(cache, model.id(), commit).model(model, whole);
    } catch (IOException failure) {
      throw new HubException(
          HubException.Cause.DISK,
          doing
              + ": the cache "
              + cache.folder()
              + " cannot be written to ("
              + failure
              + "). Make it writable, or name another one in HF_HUB_CACHE.",
          failure);
    }
  }

  /** Fetches what was chosen, and what the ONNX file then turns out to need. */
  private FileChoice fetched(
      FileChoice choice, Map<HubFileName, HubFile> listed, Fetching fetching, String doing)
      throws IOException {
    List<HubFile> wanted = new ArrayList<>();
    choice.others().forEach(name -> wanted.add(file(listed, name)));
    HubFile model = file(listed, choice.model());
    wanted.add(model);
    wanted.sort(Comparator.comparingLong(HubFile::sizeBytes).reversed());
    listener.chosen(
        wanted.stream().map(HubFile::name).sorted(Comparator.comparing(HubFileName::text)).toList(),
        wanted.stream().mapToLong(HubFile::sizeBytes).reduce(0, Math::addExact),
        choice.reason());
    fetching.fetch(wanted);
    List<HubFileName> others = new ArrayList<>(choice.others());
    List<HubFile> further = new ArrayList<>();
    for (String location : ExternalFiles.namedBy(fetching.content(model))) {
      HubFileName name = external(choice.model(), location, doing);
      if (!listed.containsKey(name)) {
        throw refused(choice.model(), location, "there is no such file in the repository", doing);
      }
      if (!others.contains(name)) {
        others.add(name);
        further.add(file(listed, name));
      }
    }
    fetching.fetch(further);
    List<HubFile> shown = new ArrayList<>();
    others.forEach(name -> shown.add(file(listed, name)));
    // The ONNX file last: where that is, all that it needs is.
    shown.add(model);
    fetching.show(shown);
    return new FileChoice(choice.model(), others, choice.reason());
  }

  /** Choices are made from the list. */
  private static HubFile file(Map<HubFileName, HubFile> listed, HubFileName name) {
    return Objects.requireNonNull(listed.get(name), name.text());
  }

  private static HubFileName external(HubFileName model, String location, String doing) {
    try {
      HubFileName name =
          new HubFileName(location.startsWith("./") ? location.substring(2) : location);
      if (name.isPortable()) {
        return new HubFileName(model.folder() + name);
      }
    } catch (HubException leaves) {
      // Told below, with the ONNX file that names it.
    }
    throw refused(model, location, "that is no path inside its folder", doing);
  }

  private static HubException refused(
      HubFileName model, String location, String reason, String doing) {
    return new HubException(
        HubException.Cause.DAMAGED,
        doing
            + ": "
            + model
            + " keeps weights in \""
            + location
            + "\", but "
            + reason
            + ". Do not use this model unless you trust its source.");
  }

  private HubException notThere(ModelReference model, Optional<String> askedFile) {
    Path folder = cache.repository(model.id());
    return new HubException(
        HubException.Cause.NOT_FOUND,
        "Looking for "
            + model
            + " offline: it is expected in the cache "
            + cache.folder()
            + ", but "
            + (Files.isDirectory(folder) ? "not whole there" : "not there")
            + askedFile.map(name -> " with " + name).orElse("")
            + ". Run graft pull "
            + model
            + " once without HF_HUB_OFFLINE and --offline.");
  }
}
