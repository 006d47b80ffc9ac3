internal import Tensors

/// The members of one JSON file of a checkpoint, read by name with the reason when one does not fit.
struct SettingsFile: Sendable {
  /// Bytes; the index of a checkpoint in a hundred shards has a tenth of it.
  static let largestFile = 4 << 20

  let path: String
  private let root: JSONValue
  /// Names on the way from the root to `root`, for error messages.
  private let prefix: String

  /// - Throws: ``CheckpointError/weights(_:)`` when the file cannot be read or is larger than ``largestFile``, ``CheckpointError/jsonSyntax(file:_:)``.
  init(path: String) throws(CheckpointError) {
    try self.init(path: path, bytes: MappedFile.opened(path).bytes(ofSettingUpTo: Self.largestFile))
  }

  init(path: String, bytes: [UInt8]) throws(CheckpointError) {
    do throws(JSONSyntaxError) {
      self.init(path: path, root: try JSONValue(parsing: bytes), prefix: "")
    } catch {
      throw .jsonSyntax(file: path, error)
    }
    guard root.members != nil else {
      throw .setting(file: path, name: "the file", expected: "an object", found: root.kind)
    }
  }

  private init(path: String, root: JSONValue, prefix: String) {
    self.path = path
    self.root = root
    self.prefix = prefix
  }

  /// The object `name`; where it is absent or null, an empty one, so that every default holds.
  func section(_ name: String) throws(CheckpointError) -> SettingsFile {
    let value = self[name] ?? .object([])
    guard value.members != nil else { throw failure(name, expected: "an object", found: value.kind) }
    return SettingsFile(path: path, root: value, prefix: prefix + name + ".")
  }

  /// The member `name`, or `nil` where it is absent or null.
  subscript(_ name: String) -> JSONValue? {
    root[name].flatMap { $0 == .null ? nil : $0 }
  }

  /// Every member, in file order.
  var members: [JSONMember] { root.members ?? [] }

  /// An integer in `range`, or `fallback` where there is none.
  func integer(_ name: String, default fallback: Int, in range: ClosedRange<Int>) throws(CheckpointError) -> Int {
    guard let value = self[name] else { return fallback }
    guard let integer = value.integer, range.contains(integer) else {
      throw failure(
        name, expected: "an integer from \(range.lowerBound) to \(range.upperBound)",
        found: value.integer.map(String.init) ?? value.kind)
    }
    return integer
  }

  /// A number above 0, or `fallback` where there is none.
  func positiveNumber(_ name: String, default fallback: Double) throws(CheckpointError) -> Double {
    guard let value = self[name] else { return fallback }
    guard let number = value.number, number > 0, number < 1 else {
      throw failure(
        name, expected: "a number between 0 and 1", found: value.number.map { String($0) } ?? value.kind)
    }
    return number
  }

  func boolean(_ name: String, default fallback: Bool) throws(CheckpointError) -> Bool {
    guard let value = self[name] else { return fallback }
    guard let boolean = value.boolean else { throw failure(name, expected: "true or false", found: value.kind) }
    return boolean
  }

  /// Requires that the string `name` is one of `allowed` or absent.
  func require(_ name: String, in allowed: [String]) throws(CheckpointError) {
    guard let value = self[name] else { return }
    guard let text = value.text, allowed.contains(text) else {
      throw failure(
        name, expected: allowed.joined(separator: " or "), found: value.text.map(quoted) ?? value.kind)
    }
  }

  func failure(_ name: String, expected: String, found: String) -> CheckpointError {
    .setting(file: path, name: prefix + name, expected: expected, found: found)
  }
}

extension MappedFile {
  /// Maps the file at `path`, with this module's error.
  static func opened(_ path: String) throws(CheckpointError) -> MappedFile {
    do throws(SafetensorsError) {
      return try MappedFile(path: path)
    } catch {
      throw .weights(error)
    }
  }

  /// A copy of every byte, with this module's error for a file of more than `limit`.
  func bytes(ofSettingUpTo limit: Int) throws(CheckpointError) -> [UInt8] {
    do throws(SafetensorsError) {
      return try bytes(upTo: limit)
    } catch {
      throw .weights(error)
    }
  }
}
