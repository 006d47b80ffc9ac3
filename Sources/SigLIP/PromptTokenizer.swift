internal import Tensors

/// Turns a prompt into token identifiers exactly as the slow `SiglipTokenizer` of Hugging Face transformers does.
///
/// The order of its steps, which decides the result:
/// 1. `▁` becomes a space, and one `▁` is put in front.
/// 2. Every character is put in lower case on its own. `</s>` and `<unk>` then split the text, with the spaces around
///    them dropped, whatever the case they were written in.
/// 3. In each piece of text ASCII punctuation is deleted (not replaced: "1.5 cm" reads "15 cm").
/// 4. Runs of white space become one space, and the ends are stripped.
/// 5. SentencePiece splits `<unk>` + text without a dummy prefix, and the pieces of `<unk>` are dropped. That protects
///    a leading `▁`.
/// 6. The identifiers are cut to one less than the length, followed by `</s>` and padded with it.
package struct PromptTokenizer: Sendable {
  /// How many identifiers ``tokenize(_:)`` returns.
  package let length: Int
  private let model: SentencePieceModel
  private let isLowercasing: Bool
  private let endIdentifier: Int32
  private let unknownIdentifier: Int32
  private let spaceIdentifier: Int32
  private let prefixCount: Int

  private static let end = "</s>"
  private static let unknown = "<unk>"

  /// From the bytes of `spiece.model`, for prompts of `length` identifiers, at least 1; `isLowercasing` is
  /// `do_lower_case` of `tokenizer_config.json`.
  init(serialized: [UInt8], length: Int, isLowercasing: Bool) throws(SentencePieceError) {
    self.model = try SentencePieceModel(serialized: serialized)
    self.length = length
    self.isLowercasing = isLowercasing
    self.endIdentifier = model.identifier(of: Self.end)
    self.unknownIdentifier = model.identifier(of: Self.unknown)
    self.spaceIdentifier = model.identifier(of: "\u{2581}")
    self.prefixCount = try model.encode(Self.unknown).count
  }

  /// Reads the `spiece.model` at `path` alone, with the settings of the published checkpoints.
  ///
  /// - Throws: ``CheckpointError/weights(_:)`` when it cannot be read, ``CheckpointError/tokenizer(file:reason:)``.
  package init(path: String, length: Int = 64) throws(CheckpointError) {
    try self.init(MappedFile.opened(path), length: length, isLowercasing: true)
  }

  init(_ file: MappedFile, length: Int, isLowercasing: Bool) throws(CheckpointError) {
    let bytes = try file.bytes(ofSettingUpTo: SentencePieceCheck.largestFile)
    do throws(SentencePieceError) {
      try self.init(serialized: bytes, length: length, isLowercasing: isLowercasing)
    } catch {
      throw .tokenizer(file: file.path, reason: error.reason)
    }
  }

  /// The size of the vocabulary: every identifier is smaller.
  var pieceCount: Int { model.pieceCount }

  /// ``length`` identifiers for `text`: its own, then `</s>` as end and padding.
  ///
  /// - Throws: ``CheckpointError/prompt(reason:)`` when SentencePiece refuses the text.
  package func tokenize(_ text: String) throws(CheckpointError) -> [Int32] {
    var identifiers: [Int32] = []
    do throws(SentencePieceError) {
      identifiers = try encode(text)
    } catch {
      throw .prompt(reason: error.reason)
    }
    let kept = identifiers.prefix(length - 1)
    return kept + Array(repeating: endIdentifier, count: length - kept.count)
  }

  /// The identifiers of `text` before cutting and padding.
  private func encode(_ text: String) throws(SentencePieceError) -> [Int32] {
    var scalars = String.UnicodeScalarView("\u{2581}".unicodeScalars)
    scalars.append(contentsOf: text.unicodeScalars.lazy.map { $0 == "\u{2581}" ? " " : $0 })
    if isLowercasing { scalars = PythonText.lowercased(scalars) }

    var identifiers: [Int32] = []
    for part in Self.split(scalars) {
      switch part {
      case .special(let name):
        // A lone ▁ in front of a special token is dropped.
        if identifiers == [spaceIdentifier] { identifiers = [] }
        identifiers.append(name == Self.end ? endIdentifier : unknownIdentifier)
      case .text(let text):
        let pieces = try model.encode(Self.unknown + Self.canonical(text))
        identifiers += pieces.count >= prefixCount ? pieces[prefixCount...] : pieces[...]
      }
    }
    return identifiers
  }

  // MARK: Steps

  private enum Part {
    case text(String)
    case special(String)
  }

  /// Cuts `scalars` at the special tokens and drops the white space on both sides of each (step 2).
  private static func split(_ scalars: String.UnicodeScalarView) -> [Part] {
    var parts: [Part] = []
    var rest = scalars[...]
    var followsSpecial = false
    func append(_ text: String.UnicodeScalarView.SubSequence, precedesSpecial: Bool) {
      let text = PythonText.stripped(text, leading: followsSpecial, trailing: precedesSpecial)
      if !text.isEmpty { parts.append(.text(String(text))) }
    }
    var position = rest.startIndex
    while position < rest.endIndex {
      let special = [end, unknown].first { rest[position...].starts(with: $0.unicodeScalars) }
      guard let special else {
        position = rest.index(after: position)
        continue
      }
      append(rest[..<position], precedesSpecial: true)
      parts.append(.special(special))
      rest = rest[rest.index(position, offsetBy: special.unicodeScalars.count)...]
      position = rest.startIndex
      followsSpecial = true
    }
    append(rest, precedesSpecial: false)
    return parts
  }

  /// Deletes punctuation and evens out white space (steps 3 and 4).
  private static func canonical(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var precedesSpace = false
    for scalar in text.unicodeScalars where !PythonText.isPunctuation(scalar) {
      if PythonText.isSpace(scalar) {
        precedesSpace = !result.isEmpty
      } else {
        if precedesSpace { result.append(" ") }
        precedesSpace = false
        result.append(scalar)
      }
    }
    return String(result)
  }
}
