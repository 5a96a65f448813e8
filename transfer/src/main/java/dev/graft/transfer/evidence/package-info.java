/**
 * Evidence of how good a trained model is and what it was made from: figures with confidence
 * intervals, and the bundle's files that carry them (metrics.json, README.md, report.html,
 * provenance.json).
 */
@NullMarked
package dev.graft.transfer.evidence;

import org.jspecify.annotations.NullMarked;
