package import DICOMCore

/// Where devices write text into their images, and which images of theirs have none.
package struct DeviceCatalog: Sendable, Equatable {
  /// What is known of the images of one kind.
  package struct Rule: Sendable, Equatable {
    package enum Effect: Sendable, Equatable {
      /// Text stands here.
      case regions([PixelRegion])
      /// No text by the device; the detector looks all the same.
      case clean
      /// Text anywhere, such as a screen full of numbers: images of this kind are withheld.
      case withheld
    }

    package let name: String
    /// Where the rule comes from.
    package let source: String
    package let conditions: [Condition]
    package let effect: Effect

    package init(name: String, source: String, conditions: [Condition], effect: Effect) {
      self.name = name
      self.source = source
      self.conditions = conditions
      self.effect = effect
    }
  }

  /// What an image must have for a rule to hold.
  package enum Condition: Sendable, Equatable {
    case modality([String])
    /// One of the patterns matches the attribute: `*` any characters, `?` one; case and runs of blanks do not matter.
    case text(Tag, [TextPattern])
    /// Image Type has all of these values.
    case imageType([String])
    case rows(ClosedRange<Int>)
    case columns(ClosedRange<Int>)
  }

  /// In the order of the files; the first of each effect counts, withheld before regions before clean.
  package let rules: [Rule]
  /// SHA-256 of the files they come from.
  package let digests: [ContentDigest]

  package init(rules: [Rule], digests: [ContentDigest]) {
    self.rules = rules
    self.digests = digests
  }

  package static let empty = DeviceCatalog(rules: [], digests: [])

  /// The rules of a site, checked before these.
  package func adding(_ site: DeviceCatalog) -> DeviceCatalog {
    DeviceCatalog(rules: site.rules + rules, digests: site.digests + digests)
  }

  /// The rules that hold for an object.
  package func rules(for attributes: DataSet) -> [Rule] {
    rules.filter { rule in rule.conditions.allSatisfy { $0.holds(for: attributes) } }
  }
}

extension DeviceCatalog.Condition {
  func holds(for attributes: DataSet) -> Bool {
    switch self {
    case .modality(let values): return attributes.string(.modality).map { values.contains($0) } ?? false
    case .text(let tag, let patterns):
      return attributes.string(tag).map { text in patterns.contains { $0.matches(text) } } ?? false
    case .imageType(let values): return Set(values).isSubset(of: attributes.strings(.imageType))
    case .rows(let range): return attributes.integer(.rows).map { range.contains($0) } ?? false
    case .columns(let range): return attributes.integer(.columns).map { range.contains($0) } ?? false
    }
  }
}
