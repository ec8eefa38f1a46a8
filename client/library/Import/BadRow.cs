namespace OrleansCache.Client.Import;

/// <summary>An invalid row.</summary>
/// <param name="Line">The line of the file that the row begins in, from 1.</param>
/// <param name="Reason">Why it is invalid, with the column and the value.</param>
public readonly record struct BadRow(long Line, string Reason);
