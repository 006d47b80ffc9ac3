/// Checks a serialised SentencePiece model before the library sees it.
///
/// The library trusts what it loads: a piece with a zero byte in it (CVE-2026-1260), one of a hundred thousand characters,
/// a character map that points beyond its end or more nested symbols than a table has room for make it read or write
/// outside of its memory. Everything it indexes by is checked here, with memory in proportion to the file.
enum SentencePieceCheck {
  /// Bytes; the published model of SigLIP has 798,330.
  static let largestFile = 16 << 20
  /// SigLIP has 32,000.
  static let mostPieces = 1_000_000
  /// Bytes; the library recurses for every one. The longest of SigLIP has 18 characters.
  static let longestPiece = 1_024
  /// Symbols of the user that start with one another; the library has room for 64.
  static let mostNestedSymbols = 64
  /// Bytes of sentences that the library splits while it loads, to test itself.
  static let largestSelfTest = 1 << 16

  /// - Throws: The reason, with the place in bytes from the start of the file.
  static func check(_ model: [UInt8]) throws(SentencePieceError) {
    var pieceCount = 0
    var selfTestSize = 0
    var symbols: [[UInt8]] = []
    try ProtobufFields.forEach(in: model[...]) { field throws(SentencePieceError) in
      guard case .bytes(let message) = field.value else {
        throw SentencePieceError("byte \(field.offset): field \(field.number) is no message")
      }
      switch field.number {
      case 1:
        pieceCount += 1
        guard pieceCount <= mostPieces else { throw SentencePieceError("more than \(mostPieces) pieces") }
        if let symbol = try checkPiece(message) { symbols.append(symbol) }
      case 2: try checkTraining(message)
      case 3, 5: try checkNormalizer(message)
      case 4:
        selfTestSize += message.count
        guard selfTestSize <= largestSelfTest else {
          throw SentencePieceError("more than \(largestSelfTest) bytes of self tests")
        }
        try ProtobufFields.forEach(in: message) { _ in }
      default: throw SentencePieceError("byte \(field.offset): a model has no field \(field.number)")
      }
    }
    try checkNesting(&symbols)
  }

  /// `ModelProto.SentencePiece`: text, score and type.
  ///
  /// - Returns: The text, when it is a symbol of the user.
  private static func checkPiece(_ message: ArraySlice<UInt8>) throws(SentencePieceError) -> [UInt8]? {
    var piece: ArraySlice<UInt8> = []
    var type: UInt64 = 1
    try ProtobufFields.forEach(in: message) { field throws(SentencePieceError) in
      switch (field.number, field.value) {
      case (1, .bytes(let text)):
        piece = text
        guard text.count <= longestPiece, !text.contains(0), String(validating: text, as: UTF8.self) != nil else {
          throw SentencePieceError(
            "byte \(field.offset): a piece that is no UTF-8, holds a zero, or is longer than \(longestPiece) bytes")
        }
      case (2, .fixed32(let bits)):
        guard Float(bitPattern: bits).isFinite else {
          throw SentencePieceError("byte \(field.offset): a score that is no number")
        }
      case (3, .integer(let value)):
        type = value
        guard (1...6).contains(value) else {
          throw SentencePieceError("byte \(field.offset): a piece of type \(value)")
        }
      default: throw SentencePieceError("byte \(field.offset): a piece has no such field \(field.number)")
      }
    }
    guard !piece.isEmpty else { throw SentencePieceError("byte \(message.startIndex): a piece without text") }
    return type == 4 ? Array(piece) : nil
  }

  /// `TrainerSpec`: the kind of model; all else is a note on how it was made.
  private static func checkTraining(_ message: ArraySlice<UInt8>) throws(SentencePieceError) {
    try ProtobufFields.forEach(in: message) { field throws(SentencePieceError) in
      guard field.number == 3 else { return }
      guard case .integer(1) = field.value else {
        throw SentencePieceError("byte \(field.offset): not a unigram model, as SigLIP's tokenizer is")
      }
    }
  }

  /// `NormalizerSpec`: the character map.
  private static func checkNormalizer(_ message: ArraySlice<UInt8>) throws(SentencePieceError) {
    try ProtobufFields.forEach(in: message) { field throws(SentencePieceError) in
      guard field.number == 2, case .bytes(let map) = field.value, !map.isEmpty else { return }
      do throws(SentencePieceError) {
        try CharacterMapCheck(map).check()
      } catch {
        throw SentencePieceError("byte \(field.offset): the character map \(error.reason)")
      }
    }
  }

  private static func checkNesting(_ symbols: inout [[UInt8]]) throws(SentencePieceError) {
    symbols.sort { $0.lexicographicallyPrecedes($1) }
    // In this order a symbol follows all that it starts with.
    var prefixes: [[UInt8]] = []
    for symbol in symbols {
      while let last = prefixes.last, !symbol.starts(with: last) { prefixes.removeLast() }
      prefixes.append(symbol)
      guard prefixes.count <= mostNestedSymbols else {
        throw SentencePieceError("more than \(mostNestedSymbols) symbols that start with one another")
      }
    }
  }
}
