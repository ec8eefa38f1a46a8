namespace OrleansCache.Entries;

/// <summary>What a table of copies holds and has counted.</summary>
/// <param name="Copies">Books held now.</param>
/// <param name="Absences">Absences remembered now.</param>
/// <param name="Bytes">The bytes that they take, those on their way out included.</param>
/// <param name="Evictions">Copies that left because others were used more recently.</param>
/// <param name="Expirations">Copies that left because their time ended.</param>
/// <param name="NotKept">Answers that were given without being kept, for want of memory.</param>
public readonly record struct EntryTableStatistics(
    long Copies,
    long Absences,
    long Bytes,
    long Evictions,
    long Expirations,
    long NotKept);
