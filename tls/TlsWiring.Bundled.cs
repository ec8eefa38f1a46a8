using Orleans.Runtime;

namespace OrleansCache.Tls;

/// <summary>Encryption on the bundled engine, which has none and is for one machine: refused, never left out in silence.</summary>
internal static class TlsWiring
{
    /// <summary>Why the settings cannot be used.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="section">Where they are, for the message.</param>
    public static IEnumerable<string> Problems(TlsSettings settings, string section)
    {
        if (settings.IsOn)
            yield return $"{section}:Certificate is set, but the bundled engine has no encryption; remove it, or build with -p:OrleansEngine=microsoft for clusters of machines.";
    }

    public static void Secure(IClientBuilder client, TlsSettings settings)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (Problems(settings, "Tls").FirstOrDefault() is { } problem)
            throw new OrleansConfigurationException(problem);
    }
}
