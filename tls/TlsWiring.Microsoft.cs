using Orleans.Runtime;

namespace OrleansCache.Tls;

/// <summary>Encryption in a build without Orleans' package for it: refused, never left out in silence.</summary>
internal static class TlsWiring
{
    /// <summary>Why the settings cannot be used.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="section">Where they are, for the message.</param>
    public static IEnumerable<string> Problems(TlsSettings settings, string section)
    {
        if (settings.IsOn)
            yield return $"{section}:Certificate is set, but this program was built without Microsoft.Orleans.Connections.Security; build it with -p:OrleansTls=true where that package can be restored, or remove the setting.";
    }

    public static void Secure(ISiloBuilder silo, TlsSettings settings) => Refuse(silo, settings);

    public static void Secure(IClientBuilder client, TlsSettings settings) => Refuse(client, settings);

    private static void Refuse(object builder, TlsSettings settings)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (Problems(settings, "Tls").FirstOrDefault() is { } problem)
            throw new OrleansConfigurationException(problem);
    }
}
