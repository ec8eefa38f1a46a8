namespace OrleansCache.Entries;

/// <summary>Who may answer from a copy of a book, and until when none of them may any more.</summary>
public sealed class Grant
{
    internal Grant(string key) => Book = key;

    /// <summary>The book.</summary>
    public string Book { get; }

    /// <summary>What they hold.</summary>
    public RowVersion Identity { get; internal set; }

    /// <summary>The holders, a bit for each by its number.</summary>
    public ulong Holders { get; internal set; }

    /// <summary>The moment on the granter's clock, in milliseconds, from which none of their leases is valid.</summary>
    public long Until { get; internal set; }

    // Where it stands in the order in which grants are looked at.
    internal long LookedAt;

    internal Grant? Next;
}
