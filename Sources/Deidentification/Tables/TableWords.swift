extension String {
  /// The words of a table, which are of ISO 646 with blanks and line ends between: found by bytes, since looking for the kinds of
  /// blanks that Unicode has takes longer than all else in reading a table.
  var tableWords: [Substring] {
    utf8.split { $0 == 0x20 || $0 == 0x0A }.map { Substring($0) }
  }
}
