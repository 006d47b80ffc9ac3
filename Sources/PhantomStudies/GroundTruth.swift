/// One row of a ground-truth table: what a phantom shows, where and how large.
package struct GroundTruth: Sendable, Equatable {
  package let parameters: ChestParameters

  package init(_ parameters: ChestParameters) {
    self.parameters = parameters
  }

  /// The columns of ``fields``: six answers (1 present, 0 absent), then sides, sizes and the view.
  package static let columns =
    FindingKind.allCases.map { $0.rawValue.replacingDashes } + [
      "pneumothorax_side", "pneumothorax_apical_gap_mm", "effusion_side", "effusion_height_mm", "cardiothoracic_ratio",
      "consolidation_side", "consolidation_zone", "consolidation_radius_mm", "nodule_side", "nodule_zone",
      "nodule_diameter_mm", "devices", "view", "seed",
    ]

  package var fields: [String] {
    let findings = parameters.findings
    let effusions = parameters.effusions
    let consolidation = parameters.consolidations.first
    let nodule = parameters.nodules.first
    return FindingKind.allCases.map { findings.contains($0) ? "1" : "0" } + [
      parameters.pneumothorax?.side.rawValue ?? "", parameters.pneumothorax.map { Self.tenths($0.apicalGap) } ?? "",
      effusions.count > 1 ? "both" : effusions.first?.side.rawValue ?? "",
      effusions.map(\.height).max().map(Self.tenths) ?? "", Self.thousandths(parameters.cardiothoracicRatio),
      consolidation?.side.rawValue ?? "", consolidation?.zone.rawValue ?? "",
      consolidation.map { Self.tenths($0.radius) } ?? "", nodule?.side.rawValue ?? "", nodule?.zone.rawValue ?? "",
      nodule.map { Self.tenths(2 * $0.radius) } ?? "",
      parameters.devices.map(\.rawValue).sorted().joined(separator: ";"),
      parameters.projection.view.rawValue, String(parameters.seed),
    ]
  }

  private static func tenths(_ value: Float) -> String { decimal(value, digits: 1) }
  private static func thousandths(_ value: Float) -> String { decimal(value, digits: 3) }

  /// A plain decimal with a fixed number of digits, independent of the locale.
  private static func decimal(_ value: Float, digits: Int) -> String {
    let unit = digits == 1 ? 10 : 1000
    let scaled = Int((Double(value) * Double(unit)).rounded())
    let fraction = String(scaled % unit)
    return "\(scaled / unit)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}

extension String {
  fileprivate var replacingDashes: String { String(map { $0 == "-" ? "_" : $0 }) }
}
