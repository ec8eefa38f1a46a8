namespace OrleansCache;

/// <summary>How much one call may ask for. The client library cuts what is larger into several calls.</summary>
internal static class MessageLimits
{
    /// <summary>The most keys of a lookup of many.</summary>
    public const int Keys = 1_000;

    /// <summary>The most edits of a call, and the most keys of a purge.</summary>
    public const int Edits = 10_000;

    /// <summary>Refuses a call that asks for too much.</summary>
    /// <exception cref="InvalidKeyException">It does.</exception>
    public static void Check(int count, int most, string what)
    {
        if (count > most)
            throw new InvalidKeyException($"The call has {count:N0} {what}; it may have {most:N0}. Make several calls.");
    }
}
