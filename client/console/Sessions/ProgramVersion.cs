using System.Reflection;

namespace OrleansCache.Cli.Sessions;

/// <summary>The versions of this program and of Orleans.</summary>
internal static class ProgramVersion
{
    /// <summary>The program's version.</summary>
    public static string Current { get; } = Of(typeof(ProgramVersion).Assembly);

    /// <summary>Both versions, for the first line that a session prints.</summary>
    public static string Description { get; } = $"orleanscache {Current} on Microsoft Orleans {Of(typeof(IGrain).Assembly)}";

    private static string Of(Assembly assembly)
    {
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        // The commit follows after a plus sign, or, in the Orleans packages, after a full stop and a space.
        return version.Split('+', ' ')[0].TrimEnd('.');
    }
}
