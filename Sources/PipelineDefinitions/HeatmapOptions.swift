/// Which findings get a heatmap, and in which forms: part of `reports` in a pipeline.
package struct HeatmapOptions: Sendable, Equatable {
  package enum Scope: String, Sendable, CaseIterable {
    /// Those that are flagged.
    case flagged
    /// Every finding of every study that was scored.
    case all
    case off
  }

  package var scope: Scope
  /// Whether the outline of each map is written as a presentation state, too.
  package var writesPresentationStates: Bool

  package init(scope: Scope = .flagged, writesPresentationStates: Bool = false) {
    self.scope = scope
    self.writesPresentationStates = writesPresentationStates
  }
}

extension HeatmapOptions {
  /// The keys of `reports` that are about heatmaps.
  static let keys = ["heatmaps", "presentation_states"]

  /// - Returns: `nil` after a problem.
  init?(_ map: YAMLMapping) {
    let scope = map.optional("heatmaps", .choice(Scope.allCases), default: .flagged)
    let states = map.optional("presentation_states", .truth, default: false)
    guard let scope, let states else { return nil }
    self.init(scope: scope, writesPresentationStates: states)
  }
}
