using StackExchange.Redis;

namespace OrleansCache.Redis;

/// <summary>How Redis servers are trusted, and who this process is to them, on connections with <c>ssl=true</c>.</summary>
public sealed record RedisTlsOptions
{
    /// <summary>A PEM file with the authority that issues the servers' certificates. Empty: those that the machine trusts.</summary>
    public string Authority { get; init; } = "";

    /// <summary>The PEM file with this process's certificate. Empty: none.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>The PEM file with its key, when it is not in the same file.</summary>
    public string Key { get; init; } = "";

    /// <summary>What is invalid, each with its name, its value and a valid one.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var (name, file) in ((string, string)[])
            [(nameof(Authority), Authority), (nameof(Certificate), Certificate), (nameof(Key), Key)])
        {
            if (file.Length > 0 && !File.Exists(file))
                yield return $"{name} is {file}, which does not exist; give the path of a PEM file.";
        }

        if (Key.Length > 0 && Certificate.Length == 0)
            yield return $"{nameof(Certificate)} is empty while {nameof(Key)} is {Key}; give the certificate of that key.";
    }

    /// <summary>Has a connection use them.</summary>
    internal void ApplyTo(ConfigurationOptions options)
    {
        if (Authority.Length > 0)
            options.TrustIssuer(Authority);
        if (Certificate.Length > 0)
            options.SetUserPemCertificate(Certificate, Key.Length > 0 ? Key : Certificate);
    }
}
