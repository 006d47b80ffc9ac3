internal import BatchProcessing
internal import Foundation
internal import Synchronization

/// Standard output for data, standard error for everything a person reads while waiting.
enum Console {
  static func printData(_ text: String) {
    write(text.hasSuffix("\n") ? text : text + "\n", to: .standardOutput)
  }

  static func printNotice(_ text: String) {
    write(text + "\n", to: .standardError)
  }

  private static func write(_ text: String, to handle: FileHandle) {
    // A closed pipe at the reader's end is the reader's choice, not an error of the batch.
    try? handle.write(contentsOf: Data(TerminalText.safe(text).utf8))
  }
}

/// A one-line progress bar with rate and time left, drawn on standard error when that is a terminal.
final class ProgressBar: Sendable {
  private struct State {
    var phase: BatchProgress.Phase?
    var began = ContinuousClock.now
    var drawn = ContinuousClock.now - .seconds(1)
  }

  private let state = Mutex(State())
  private let isShown: Bool
  private let useColor: Bool

  init(quiet: Bool) {
    let isTerminal = isatty(STDERR_FILENO) == 1
    isShown = isTerminal && !quiet
    useColor = isTerminal && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
  }

  func show(_ progress: BatchProgress) {
    guard isShown else { return }
    let now = ContinuousClock.now
    let elapsed: Duration? = state.withLock { state in
      if state.phase != progress.phase {
        state.phase = progress.phase
        state.began = now
      }
      guard progress.done == progress.total || now - state.drawn > .milliseconds(100) else { return nil }
      state.drawn = now
      return now - state.began
    }
    guard let elapsed else { return }
    let line = Self.line(progress, elapsed: elapsed / .seconds(1), useColor: useColor)
    try? FileHandle.standardError.write(contentsOf: Data(("\r\u{1B}[K" + line).utf8))
    if progress.done == progress.total { Console.printNotice("") }
  }

  /// The text of the bar, such as `Images [#####.....] 5/10  1.2/s  4 s left`.
  static func line(_ progress: BatchProgress, elapsed: Double, useColor: Bool = false) -> String {
    let share = progress.total == 0 ? 1 : Double(progress.done) / Double(progress.total)
    let filled = Int(share * 24)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
    var line =
      "\(progress.phase.rawValue) [\(useColor ? "\u{1B}[36m\(bar)\u{1B}[0m" : bar)] \(progress.done)/\(progress.total)"
    if progress.done > 0 && elapsed > 0 {
      let rate = Double(progress.done) / elapsed
      line += rate >= 1 ? "  \(rounded(rate))/s" : "  \(rounded(1 / rate)) s each"
      if progress.done < progress.total { line += "  \(remaining(Double(progress.total - progress.done) / rate)) left" }
    }
    return line
  }

  private static func rounded(_ value: Double) -> String {
    value < 10 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))"
  }

  private static func remaining(_ seconds: Double) -> String {
    let total = Int(seconds.rounded(.up))
    if total < 60 { return "\(total) s" }
    if total < 3600 { return "\(total / 60) min \(total % 60) s" }
    return "\(total / 3600) h \(total % 3600 / 60) min"
  }
}
