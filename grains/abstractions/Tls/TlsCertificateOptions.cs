namespace OrleansCache;

/// <summary>
/// Encryption between silos, and between clients and silos, with mutual authentication: every process presents a certificate of one
/// authority.
/// </summary>
public sealed class TlsCertificateOptions
{
    /// <summary>The file with the process's certificate and its key: PKCS#12 (.pfx, .p12) or PEM. Empty: no encryption.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>The file with the key, when <see cref="Certificate"/> is a PEM file without it.</summary>
    public string Key { get; set; } = "";

    /// <summary>The password of the key, if it has one. Never logged.</summary>
    public string Password { get; set; } = "";

    /// <summary>
    /// A PEM file with the authority that issues the certificates of this cluster. Required with a <see cref="Certificate"/>.
    /// </summary>
    public string Authority { get; set; } = "";

    /// <summary>
    /// The DNS name that silos' certificates have, and clients' must not have: it is what tells them apart. Empty: the name in this
    /// process's own certificate, which suits silos only.
    /// </summary>
    public string Name { get; set; } = "";

    /// <summary>Whether encryption is configured.</summary>
    public bool IsOn => Certificate.Length > 0;
}
