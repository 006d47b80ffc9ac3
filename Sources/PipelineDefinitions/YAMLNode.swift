/// A place in a YAML file, both from 1.
struct YAMLPlace: Equatable, Comparable {
  let line: Int
  let column: Int

  static let start = YAMLPlace(line: 1, column: 1)

  static func < (lhs: YAMLPlace, rhs: YAMLPlace) -> Bool { (lhs.line, lhs.column) < (rhs.line, rhs.column) }
}

/// A YAML value that knows where it stands. Scalars are kept as text: what they mean is for the schema to say, so that
/// a code such as `36118008` or a key such as `on` is never taken for a number or a boolean.
struct YAMLNode {
  enum Content {
    /// An empty or `null` plain scalar.
    case nothing
    case text(String)
    case list([YAMLNode])
    case mapping([(key: YAMLNode, value: YAMLNode)])
  }

  let content: Content
  let place: YAMLPlace

  /// What stands here, for a message.
  var found: String {
    switch content {
    case .nothing: "found nothing"
    case .text(let text): "found \(Self.quoted(text))"
    case .list: "found a list"
    case .mapping: "found a mapping"
    }
  }

  /// The text on one line and of bearable length, in quotation marks.
  static func quoted(_ text: String) -> String {
    let line = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : String($0) }.joined()
    return line.count > 48 ? "\"\(line.prefix(47))…\"" : "\"\(line)\""
  }
}
