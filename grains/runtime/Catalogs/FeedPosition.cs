namespace OrleansCache.Catalogs;

/// <summary>
/// A place in a catalog's sequence of changes, which <see cref="ICatalog.ReadChangesAsync"/> returns and continues from. It never changes;
/// its text means something to the catalog that made it and to nobody else, and is not kept beyond the life of a process.
/// </summary>
/// <param name="Text">The place in the catalog's own notation.</param>
public sealed record FeedPosition(string Text);
