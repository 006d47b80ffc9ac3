internal import Foundation

/// What standard output is connected to.
enum Terminal {
  /// Columns of the terminal, 120 when output goes to a file or pipe.
  static var width: Int {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 120 }
    return Int(size.ws_col)
  }
}
