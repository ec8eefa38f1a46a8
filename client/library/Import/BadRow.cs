namespace OrleansCache.Client.Import;

/// <summary>A row that could not be used.</summary>
/// <param name="Line">The line of the file that the row begins in, from 1.</param>
/// <param name="Reason">Why, with the column and the value.</param>
public readonly record struct BadRow(long Line, string Reason);
