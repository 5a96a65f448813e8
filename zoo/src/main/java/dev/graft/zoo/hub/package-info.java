/**
 * Pretrained models from a hub: what the server tells is checked, files are verified by their
 * digests, and the cache has the layout that other tools of the hub use, too.
 *
 * <p>Sources: the Hugging Face Hub's documentation of its API and of its local cache
 * (docs/hub/local-cache.md).
 */
@NullMarked
package dev.graft.zoo.hub;

import org.jspecify.annotations.NullMarked;
