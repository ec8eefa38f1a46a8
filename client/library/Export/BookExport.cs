using System.Collections.Immutable;

namespace OrleansCache.Client.Export;

/// <summary>The result of an export.</summary>
/// <param name="Books">The books that were written.</param>
/// <param name="UnreadableCount">The keys whose values in the catalog are no books; they were left out.</param>
/// <param name="Unreadable">The first of them, at most <see cref="BookExporter.MaxUnreadable"/>.</param>
public sealed record BookExport(long Books, long UnreadableCount, ImmutableArray<string> Unreadable);
