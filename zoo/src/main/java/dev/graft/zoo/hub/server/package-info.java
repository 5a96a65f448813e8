/**
 * A small server of the model hub's protocol over a folder, so that a team shares models inside its
 * own network.
 *
 * <p>{@link dev.graft.zoo.hub.server.HubServer} is the entry point.
 */
@NullMarked
package dev.graft.zoo.hub.server;

import org.jspecify.annotations.NullMarked;
