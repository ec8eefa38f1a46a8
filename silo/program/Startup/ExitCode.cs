namespace OrleansCache.Silo.Startup;

/// <summary>What the program says by its exit code.</summary>
internal static class ExitCode
{
    /// <summary>It was stopped and has ended in order; or the silo that was asked is well.</summary>
    public const int Done = 0;

    /// <summary>It could not start, or not stop in order.</summary>
    public const int Failed = 1;

    /// <summary>Its arguments or settings cannot be used.</summary>
    public const int BadSettings = 2;

    /// <summary>The cluster has declared the silo dead; or the silo that was asked does not answer.</summary>
    public const int Dead = 3;
}
