namespace OrleansCache.Silo.Configuration;

/// <summary>The arguments or settings are invalid: one line for each problem, which names the setting.</summary>
internal sealed class SettingsException(params IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
