/// The words of a date as people write it, in lower case and without accents.
enum DateForms {
  /// Names of months, by number from 1: English, German, French, Spanish, Italian, and what they are shortened to.
  static func month(_ number: Int) -> [String] { (1...12).contains(number) ? names[number - 1] : [] }

  static func isMonth(_ word: String) -> Bool { all.contains(word) }

  private static let names = [
    "jan january januar janvier enero gennaio", "feb february februar fevrier febrero febbraio",
    "mar march marz maerz mars marzo", "apr april avril abril aprile", "may mai mayo maggio",
    "jun june juni juin junio giugno", "jul july juli juillet julio luglio", "aug august aout agosto",
    "sep sept september septembre septiembre settembre", "oct okt october oktober octobre octubre ottobre",
    "nov november novembre noviembre", "dec dez december dezember decembre diciembre dicembre",
  ].map { $0.split(separator: " ").map(String.init) }

  private static let all = Set(names.joined())

  /// Sequences of words that stand for `date`, eight digits.
  static func phrases(_ date: String) -> [[String]] {
    let (year, month, day) = (String(date.prefix(4)), String(date.dropFirst(4).prefix(2)), String(date.suffix(2)))
    let short = { (text: String) in text.hasPrefix("0") ? String(text.dropFirst()) : text }
    let century = String(year.suffix(2))
    var phrases = [
      [date], [day + month + year], [month + day + year], [day + month + century], [century + month + day],
    ]
    for (d, m) in [(day, month), (short(day), short(month)), (short(day), month), (day, short(month))] {
      for y in [year, century] { phrases += [[y, m, d], [d, m, y], [m, d, y]] }
    }
    for name in Self.month(Int(month) ?? 0) {
      for d in [day, short(day)] {
        for y in [year, century] {
          phrases += [[d, name, y], [name, d, y], [y, name, d], [d + name + y], [d, name + y], [d + name, y]]
        }
      }
    }
    return phrases
  }
}
