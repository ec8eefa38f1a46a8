namespace OrleansCache.Silo.Configuration;

/// <summary>Settings with which no silo can run; each problem names its setting.</summary>
internal sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
