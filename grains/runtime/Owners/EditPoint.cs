namespace OrleansCache.Owners;

/// <summary>The points of an edit, in their order.</summary>
internal enum EditPoint
{
    /// <summary>The books' edits before it have ended; nothing was done yet.</summary>
    Entered,

    /// <summary>The rows were read and the edit applies to them; nobody was revoked yet.</summary>
    Read,

    /// <summary>Nobody is answered from the old rows any more.</summary>
    Revoked,

    /// <summary>The catalog has the new rows; nobody was told.</summary>
    Committed,

    /// <summary>The new grants stand; the author was not told yet.</summary>
    Granted,
}
