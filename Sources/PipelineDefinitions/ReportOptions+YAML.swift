/// The `reports` part of a pipeline: what is written about a study beside `report.json`.
package struct ReportOptions: Sendable, Equatable {
  package let structuredReport: StructuredReportClass
  /// Whether flagged images are named in `key-objects.dcm`, for viewers that show no structured report.
  package let keyObjects: Bool
  /// Whether a picture of the result is drawn into `summary.dcm`.
  package let summary: Bool
  /// Which findings get a heatmap.
  package let heatmaps: HeatmapOptions

  package init(
    structuredReport: StructuredReportClass = .comprehensive3D, keyObjects: Bool = true, summary: Bool = false,
    heatmaps: HeatmapOptions = HeatmapOptions()
  ) {
    self.structuredReport = structuredReport
    self.keyObjects = keyObjects
    self.summary = summary
    self.heatmaps = heatmaps
  }
}

/// The SOP class of `report.dcm`.
package enum StructuredReportClass: String, Sendable, CaseIterable {
  /// What IHE AIR asks for.
  case comprehensive3D = "comprehensive-3d"
  /// For archives that do not know the other.
  case comprehensive
}

extension YAMLReader where Value == ReportOptions {
  static var reportOptions: YAMLReader {
    let keys = ["sr", "key_objects", "summary"] + HeatmapOptions.keys
    return YAMLReader("a mapping with the keys \(keys.joined(separator: ", "))") { node, problems in
      guard let map = YAMLMapping(node, "reports", keys: keys, problems) else { return nil }
      let form = map.optional("sr", .choice(StructuredReportClass.allCases), default: .comprehensive3D)
      let keyObjects = map.optional("key_objects", .truth, default: true)
      let summary = map.optional("summary", .truth, default: false)
      let heatmaps = HeatmapOptions(map)
      guard let form, let keyObjects, let summary, let heatmaps else { return nil }
      return ReportOptions(structuredReport: form, keyObjects: keyObjects, summary: summary, heatmaps: heatmaps)
    }
  }
}
