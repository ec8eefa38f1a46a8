namespace OrleansCache.Silo.Startup;

/// <summary>The exit codes of the silo program, which a supervisor acts on.</summary>
internal static class SiloExitCode
{
    /// <summary>The silo was stopped and has shut down gracefully; for <c>health</c>: the silo is ready.</summary>
    public const int Done = 0;

    /// <summary>The silo could not start, or did not shut down gracefully.</summary>
    public const int Failed = 1;

    /// <summary>The arguments or settings are invalid.</summary>
    public const int BadSettings = 2;

    /// <summary>The cluster has declared the silo dead; for <c>health</c>: the silo does not answer, or is not ready.</summary>
    public const int Dead = 3;
}
