namespace OrleansCache;

/// <summary>What an answer had to give up because something could not be reached; none on a healthy cluster.</summary>
[Flags]
public enum LookupFlags
{
    /// <summary>Nothing was given up.</summary>
    None = 0,

    /// <summary>The copy's lease had ended and could not be renewed.</summary>
    Stale = 1,

    /// <summary>The owner could not be reached; the catalog was read without it.</summary>
    Unleased = 2,
}
